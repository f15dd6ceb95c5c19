internal import Models
internal import Vectors

/// How a layer is computed, once it is known where in a network: what its neighbours leave to it, and the instructions
/// of both passes.
protocol Operation {
    /// The layer's parameters and shapes.
    var layer: PlacedLayer { get }

    /// Appends what computes the layer's output from its input, and to the tape what the backward pass needs of it.
    func forward(_ input: Value, in planner: inout Planner) throws(OneDNNError) -> Value

    /// The same with max(0, x) before it in one kernel; nil where there is none. It must not matter whether max(0, x)
    /// comes before or behind.
    func rectifyingInput() -> (any Operation)?

    /// The same with max(0, x) behind it in one kernel; nil where there is none.
    func rectifyingOutput() -> (any Operation)?
}

extension Operation {
    /// Of a convolution or dense layer, or the scale of a norm.
    var weight: VectorLayout.Entry { layer.parameters[0] }
    /// Of a convolution or dense layer that has one, or the shift of a norm.
    var bias: VectorLayout.Entry? { layer.parameters.count > 1 ? layer.parameters[1] : nil }

    func rectifyingInput() -> (any Operation)? { nil }
    func rectifyingOutput() -> (any Operation)? { nil }
}
