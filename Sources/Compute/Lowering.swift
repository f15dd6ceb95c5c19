internal import Models
internal import Vectors

/// What the executor can do: the layers of networks come down to these operations, each with its parameters looked up
/// and its neighbours drawn in where one kernel does both.
indirect enum Operation: Equatable {
    /// Weight and bias, then max(0, x) when rectified.
    case convolution(Affine, Window)
    /// Weight and bias, then max(0, x) when rectified.
    case dense(Affine)
    case activation(Activation)
    /// With max(0, x) before it when rectified.
    case maxPool(Window, rectified: Bool)
    case averagePool(Window)
    case globalAveragePool
    case flatten
    case dropout(probability: Double)
    /// A norm with its scale and shift, then max(0, x) when rectified.
    case norm(Norm, rectified: Bool)
    /// The sum of two branches, then max(0, x) when rectified.
    case residual(body: [Stage], shortcut: [Stage], rectified: Bool)

    enum Activation: Equatable { case relu, sigmoid, tanh }

    /// The parameters of a convolution or dense layer, and whether a ReLU follows.
    struct Affine: Equatable {
        let weight: VectorLayout.Entry
        let bias: VectorLayout.Entry?
        var rectified = false
    }

    /// The parameters of a norm, and over what it normalises.
    struct Norm: Equatable {
        let scale: VectorLayout.Entry
        let shift: VectorLayout.Entry
        let extent: Extent

        enum Extent: Equatable {
            /// All images of the batch in training; the statistics that are given otherwise.
            case batch(mean: VectorLayout.Entry, variance: VectorLayout.Entry)
            /// So many equal groups of the channels of an image.
            case groups(Int)
        }
    }

    var hasParameters: Bool {
        switch self {
        case .convolution, .dense, .norm: true
        case .residual(let body, let shortcut, _): (body + shortcut).contains { $0.operation.hasParameters }
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
        lowering(network.layers, of: network, from: network.inputShape, dropsOut: dropsOut)
    }

    private static func lowering(
        _ layers: [Layer], of network: Network, from inputShape: [Int], dropsOut: Bool
    ) -> [Stage] {
        var stages: [Stage] = []
        var shape = inputShape
        for layer in layers {
            if case .dropout = layer, !dropsOut { continue }
            let operation =
                if case .residual(let body, let shortcut) = layer {
                    Operation.residual(
                        body: lowering(body, of: network, from: shape, dropsOut: dropsOut),
                        shortcut: lowering(shortcut, of: network, from: shape, dropsOut: dropsOut), rectified: false)
                } else {
                    Operation(layer, network)
                }
            let stage = Stage(operation: operation, inputShape: shape, outputShape: layer.outputShape(for: shape))
            shape = stage.outputShape
            if let last = stages.last, let joined = last.joined(with: stage) {
                stages[stages.count - 1] = joined
            } else {
                stages.append(stage)
            }
        }
        // What no pooling has taken up goes to the operation before it.
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

    /// An operation with parameters, or a sum of branches, and the ReLU behind it as one stage.
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
        case .norm(let norm, false):
            result.operation = .norm(norm, rectified: true)
        case .residual(let body, let shortcut, false):
            result.operation = .residual(body: body, shortcut: shortcut, rectified: true)
        default:
            return nil
        }
        return result
    }
}

extension Stage {
    /// The stage itself, or those of its branches.
    var all: [Stage] {
        if case .residual(let body, let shortcut, _) = operation { (body + shortcut).flatMap(\.all) } else { [self] }
    }
}

extension Operation {
    /// The operation of a layer without branches.
    fileprivate init(_ layer: Layer, _ network: Network) {
        func entry(_ layout: VectorLayout, _ name: String) -> VectorLayout.Entry {
            guard let entry = layout[name] else { preconditionFailure("the network's layout lacks its own \(name)") }
            return entry
        }
        func affine(_ name: String) -> Affine {
            Affine(weight: entry(network.layout, "\(name).weight"), bias: network.layout["\(name).bias"])
        }
        func norm(_ name: String, _ extent: Norm.Extent) -> Operation {
            let layout = network.layout
            return .norm(
                Norm(scale: entry(layout, "\(name).weight"), shift: entry(layout, "\(name).bias"), extent: extent),
                rectified: false)
        }
        switch layer {
        case .convolution(let name, _, let window, _): self = .convolution(affine(name), window)
        case .dense(let name, _, _): self = .dense(affine(name))
        case .batchNorm(let name, _):
            let mean = entry(network.statistics, "\(name).running_mean")
            self = norm(name, .batch(mean: mean, variance: entry(network.statistics, "\(name).running_var")))
        case .groupNorm(let name, let groups, _): self = norm(name, .groups(groups))
        case .relu: self = .activation(.relu)
        case .sigmoid: self = .activation(.sigmoid)
        case .tanh: self = .activation(.tanh)
        case .maxPool(let window): self = .maxPool(window, rectified: false)
        case .averagePool(let window): self = .averagePool(window)
        case .globalAveragePool: self = .globalAveragePool
        case .flatten: self = .flatten
        case .dropout(let probability): self = .dropout(probability: probability)
        case .residual: preconditionFailure("the branches of a residual block are lowered one by one")
        }
    }
}
