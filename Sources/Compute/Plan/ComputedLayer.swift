internal import Models

/// A kind of layer that can be computed. Every kind conforms, in the folder of its operation.
protocol ComputedLayer: LayerKind {
    /// What computes a layer of this kind; nil where it is the identity in that mode.
    func operation(_ layer: PlacedLayer, mode: Mode) -> (any Operation)?
}

extension [PlacedLayer] {
    /// What computes the layers. A ReLU joins the operation before it, or the max-pooling behind it: pooling commutes
    /// with a function that never falls, so that one pass over the convolution's output serves both.
    func operations(mode: Mode) -> [any Operation] {
        var operations: [any Operation] = []
        for layer in self {
            guard let kind = layer.kind as? any ComputedLayer else {
                preconditionFailure("\(layer.kind) has no operation; make it a ComputedLayer")
            }
            guard let next = kind.operation(layer, mode: mode) else { continue }
            if operations.last?.isReLU == true, let joined = next.rectifyingInput() {
                operations[operations.count - 1] = joined
            } else {
                operations.append(next)
            }
        }
        // What no pooling has taken up goes to the operation before it.
        var result: [any Operation] = []
        for operation in operations {
            if operation.isReLU, let joined = result.last?.rectifyingOutput() {
                result[result.count - 1] = joined
            } else {
                result.append(operation)
            }
        }
        return result
    }
}

extension Operation {
    fileprivate var isReLU: Bool { (self as? ActivationOperation)?.activation == .relu }
}
