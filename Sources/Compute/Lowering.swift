internal import Models
internal import Vectors

/// What the executor can do: the layers of networks come down to these operations, each with its parameters looked up
/// and its neighbours drawn in where one kernel does both.
enum Operation: Equatable {
    /// Weight and bias, then max(0, x) when rectified.
    case convolution(Affine, Window)
    /// Weight and bias, then max(0, x) when rectified.
    case dense(Affine)
    case activation(Activation)
    /// With max(0, x) before it when rectified.
    case maxPool(Window, rectified: Bool)
    case averagePool(Window)
    case flatten
    case dropout(probability: Double)

    enum Activation: Equatable { case relu, sigmoid, tanh }

    /// The parameters of a convolution or dense layer, and whether a ReLU follows.
    struct Affine: Equatable {
        let weight: VectorLayout.Entry
        let bias: VectorLayout.Entry?
        var rectified = false
    }

    var hasParameters: Bool {
        switch self {
        case .convolution, .dense: true
        default: false
        }
    }
}

/// An operation with the shapes of one sample before and after it.
struct Stage: Equatable {
    var operation: Operation
    let inputShape: [Int]
    var outputShape: [Int]
}

extension Stage {
    /// The stages of a network. A ReLU joins the operation before it, or the max-pooling behind it: pooling commutes
    /// with a function that never falls, so that one pass over the convolution's output serves both.
    static func lowering(_ network: Network, dropsOut: Bool) -> [Stage] {
        var stages: [Stage] = []
        for (index, layer) in network.layers.enumerated() {
            if case .dropout = layer, !dropsOut { continue }
            let stage = Stage(
                operation: Operation(layer, network.layout), inputShape: network.inputShape(of: index),
                outputShape: network.outputShapes[index])
            if let last = stages.last, let joined = last.joined(with: stage) {
                stages[stages.count - 1] = joined
            } else {
                stages.append(stage)
            }
        }
        // What no pooling has taken up goes to the convolution or dense layer before it.
        var joined: [Stage] = []
        for stage in stages {
            if let last = joined.last, let rectified = last.rectified(by: stage) {
                joined[joined.count - 1] = rectified
            } else {
                joined.append(stage)
            }
        }
        return joined
    }

    /// ReLU and the max-pooling behind it as one stage.
    private func joined(with next: Stage) -> Stage? {
        guard case .activation(.relu) = operation, case .maxPool(let window, false) = next.operation else { return nil }
        return Stage(
            operation: .maxPool(window, rectified: true), inputShape: inputShape, outputShape: next.outputShape)
    }

    /// A convolution or dense layer and the ReLU behind it as one stage.
    private func rectified(by next: Stage) -> Stage? {
        guard case .activation(.relu) = next.operation else { return nil }
        var result = self
        switch operation {
        case .convolution(var affine, let window):
            affine.rectified = true
            result.operation = .convolution(affine, window)
        case .dense(var affine):
            affine.rectified = true
            result.operation = .dense(affine)
        default:
            return nil
        }
        return result
    }
}

extension Operation {
    init(_ layer: Layer, _ layout: VectorLayout) {
        func affine(_ name: String) -> Affine {
            guard let weight = layout["\(name).weight"] else {
                preconditionFailure("the network's layout lacks the weight of its own layer \(name)")
            }
            return Affine(weight: weight, bias: layout["\(name).bias"])
        }
        switch layer {
        case .convolution(let name, _, let window, _): self = .convolution(affine(name), window)
        case .dense(let name, _, _): self = .dense(affine(name))
        case .relu: self = .activation(.relu)
        case .sigmoid: self = .activation(.sigmoid)
        case .tanh: self = .activation(.tanh)
        case .maxPool(let window): self = .maxPool(window, rectified: false)
        case .averagePool(let window): self = .averagePool(window)
        case .flatten: self = .flatten
        case .dropout(let probability): self = .dropout(probability: probability)
        }
    }
}
