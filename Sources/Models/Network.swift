public import Configuration
public import Vectors

/// A network as a value: its layers one behind the other, checked against the shape of the data.
public struct Network: Sendable {
    /// The name of the model.
    public let name: String
    /// (channels, height, width) of one image.
    public let inputShape: [Int]
    /// Numbers in one output: the logits of the classes.
    public let classes: Int
    /// The layers with the shapes around them and the places of their parameters.
    public let layers: [PlacedLayer]
    /// All parameters in order of the layers, named and shaped as PyTorch names and shapes them.
    public let layout: VectorLayout
    /// The running mean and variance of each batch-norm, named and shaped as PyTorch names and shapes them. They are no
    /// parameters: each learner keeps its own, and none travels.
    public let statistics: VectorLayout
    /// The share of each label that the loss of training spreads evenly over all classes (Szegedy et al., 2016).
    public let labelSmoothing: Double

    /// Throws when a layer cannot take what the layer before it gives, or the last one does not give `classes` numbers;
    /// nil: however many it gives.
    public init(
        name: String, inputShape: [Int], classes: Int?, layers: [Layer], labelSmoothing: Double = 0
    ) throws(ConfigurationError) {
        guard inputShape.count == 3, inputShape.allSatisfy({ $0 > 0 }) else {
            throw ConfigurationError(
                key: "name", "model \(name) needs images of (channels, height, width), and the data has \(inputShape)")
        }
        var inference = ShapeInference(model: name, shape: inputShape)
        let placed = try inference.place(layers)
        guard inference.shape.count == 1, let outputs = inference.shape.last, outputs == classes ?? outputs else {
            let wanted = classes.map { "and the data has \($0) classes; let its last layer give \($0) numbers" }
            throw ConfigurationError(
                key: "layers",
                "model \(name) ends in shape \(inference.shape), "
                    + (wanted ?? "and must end in one number for each class; let its last layer be dense"))
        }
        guard inference.layout.count > 0 else {
            throw ConfigurationError(
                key: "layers", "model \(name) has no parameters, so there is nothing to learn; add a dense layer")
        }
        self.name = name
        self.inputShape = inputShape
        self.classes = outputs
        self.layers = placed
        self.layout = inference.layout
        self.statistics = inference.statistics
        self.labelSmoothing = labelSmoothing
    }

    /// Multiplications that the convolutions and dense layers demand for one sample in the forward and backward pass:
    /// forward, the weights' gradient, and the input's gradient except for the first layer that has weights.
    public var multiplicationsPerSampleInTraining: Double {
        let forward = layers.flatMap(\.all).map(\.multiplicationsPerSample).filter { $0 > 0 }
        return 3 * forward.reduce(0, +) - (forward.first ?? 0)
    }
}
