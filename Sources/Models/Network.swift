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
    /// The running mean and variance of each batch-norm, named and shaped as PyTorch names and shapes them. They are no
    /// parameters: each learner keeps its own, and none travels.
    public let statistics: VectorLayout

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
        self.statistics = inference.statistics
    }

    /// The shape of one sample as it enters the layer of that index.
    public func inputShape(of layer: Int) -> [Int] {
        layer == 0 ? inputShape : outputShapes[layer - 1]
    }
}

extension Network {
    /// Multiplications that the convolutions and dense layers demand for one sample in the forward and backward pass:
    /// forward, the weights' gradient, and the input's gradient except for the first layer that has weights.
    public var multiplicationsPerSampleInTraining: Int {
        let forward = Self.multiplications(layers, inputShape, layout)
        return 3 * forward.reduce(0, +) - (forward.first ?? 0)
    }

    /// Those of each convolution and dense layer, forward only.
    private static func multiplications(_ layers: [Layer], _ inputShape: [Int], _ layout: VectorLayout) -> [Int] {
        var shape = inputShape
        var result: [Int] = []
        for layer in layers {
            let output = layer.outputShape(for: shape)
            switch layer {
            case .convolution(let name, _, _, _), .dense(let name, _, _):
                result.append(output.dropFirst().reduce(1, *) * (layout["\(name).weight"]?.count ?? 0))
            case .residual(let body, let shortcut):
                result += multiplications(body, shape, layout) + multiplications(shortcut, shape, layout)
            default:
                break
            }
            shape = output
        }
        return result
    }
}

extension Layer {
    /// The shape of one sample behind the layer, from that before it, in a network that has been checked.
    public func outputShape(for input: [Int]) -> [Int] {
        switch self {
        case .convolution(_, let filters, let window, _):
            [filters] + input.dropFirst().map(window.count(along:))
        case .maxPool(let window), .averagePool(let window):
            [input[0]] + input.dropFirst().map(window.count(along:))
        case .dense(_, let outputs, _): [outputs]
        case .globalAveragePool: [input[0]]
        case .flatten: [input.reduce(1, *)]
        case .residual(let body, _): body.reduce(input) { $1.outputShape(for: $0) }
        case .batchNorm, .groupNorm, .relu, .sigmoid, .tanh, .dropout: input
        }
    }
}
