public import Configuration
public import Vectors

/// A network as a value: its layers one behind the other, checked against the shape of the data.
public struct Network: Sendable, Hashable {
    public let name: String
    /// (channels, height, width) of one image.
    public let inputShape: [Int]
    /// Numbers in one output: the logits of the classes.
    public let classes: Int
    public let layers: [Layer]
    /// The shape of each layer's output for one sample, in the order of `layers`.
    public let outputShapes: [[Int]]
    /// All parameters in order of the layers, named and shaped as PyTorch names and shapes them.
    public let layout: VectorLayout

    /// Throws when a layer cannot take what the layer before it gives, or the last one does not give `classes` numbers.
    public init(name: String, inputShape: [Int], classes: Int, layers: [Layer]) throws(ConfigurationError) {
        guard inputShape.count == 3, inputShape.allSatisfy({ $0 > 0 }) else {
            throw ConfigurationError(
                key: "name", "model \(name) needs images of (channels, height, width), and the data has \(inputShape)")
        }
        var inference = ShapeInference(model: name, shape: inputShape)
        var shapes: [[Int]] = []
        for layer in layers {
            try inference.apply(layer)
            shapes.append(inference.shape)
        }
        guard inference.shape == [classes] else {
            throw ConfigurationError(
                key: "name",
                "model \(name) ends in shape \(inference.shape), and the data has \(classes) classes")
        }
        self.name = name
        self.inputShape = inputShape
        self.classes = classes
        self.layers = layers
        self.outputShapes = shapes
        self.layout = inference.layout
    }

    /// The shape of one sample as it enters the layer of that index.
    public func inputShape(of layer: Int) -> [Int] {
        layer == 0 ? inputShape : outputShapes[layer - 1]
    }
}

extension Network {
    /// Multiplications that the forward and backward pass demand for one sample: forward, the weights' gradient, and
    /// the input's gradient except for the first layer that has weights.
    public var multiplicationsPerSampleInTraining: Int {
        var total = 0
        for (index, layer) in layers.enumerated() {
            guard let name = layer.name, let weight = layout["\(name).weight"] else { continue }
            let pixels = outputShapes[index].dropFirst().reduce(1, *)
            total += pixels * weight.count * (total == 0 ? 2 : 3)
        }
        return total
    }
}
