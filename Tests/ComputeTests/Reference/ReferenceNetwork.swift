import Models
import Randomness
import Vectors

/// A network computed in plain loops in float64: the oracle that the executor is tested against, and that finite
/// differences test in turn. Shares no code with the planner.
struct ReferenceNetwork {
    let network: Network
    var parameters: [Double]

    struct Result {
        /// Mean over the batch.
        let loss: Double
        /// (batch, classes).
        let logits: [Double]
        /// In the layout of the network.
        let gradient: [Double]
    }

    /// A layer on one batch: what went in, what came out, and what its backward pass needs beside them.
    private struct Record {
        let layer: PlacedLayer
        let input: [Double]
        var output: [Double] = []
        var mask: [Double]?
        var body: [Record] = []
        var shortcut: [Record] = []
    }

    /// Loss, logits and gradient on a batch of images (batch, channels, height, width). Dropout draws from the stream,
    /// one number a draw in the order of the numbers here; it is the identity without one. Batch-norms take the batch's
    /// own mean and variance, or the given statistics.
    func run(
        images: [Double], labels: [Int], dropout: RandomStream? = nil, statistics: [Double]? = nil
    ) -> Result {
        let batch = labels.count
        var stream = dropout
        let records = forward(network.layers, images, batch: batch, statistics: statistics, &stream)
        let logits = records.last?.output ?? images
        let (loss, lossGradient) = ReferenceLoss.softmaxCrossEntropy(
            logits, labels, classes: network.classes, smoothing: statistics == nil ? network.labelSmoothing : 0)
        var gradient = [Double](repeating: 0, count: network.layout.count)
        _ = backward(records, lossGradient, batch: batch, &gradient)
        return Result(loss: loss, logits: logits, gradient: gradient)
    }

    private func forward(
        _ layers: [PlacedLayer], _ input: [Double], batch: Int, statistics: [Double]?, _ stream: inout RandomStream?
    ) -> [Record] {
        var records: [Record] = []
        for layer in layers {
            var record = Record(layer: layer, input: records.last?.output ?? input)
            if let dropout = layer.kind as? Dropout, stream != nil {
                record.mask = record.input.map { _ in
                    stream?.bernoulli(dropout.probability) == true ? 0 : 1 / (1 - dropout.probability)
                }
            }
            if layer.kind is Residual {
                record.body = forward(
                    layer.branches[0], record.input, batch: batch, statistics: statistics, &stream)
                record.shortcut = forward(
                    layer.branches[1], record.input, batch: batch, statistics: statistics, &stream)
                record.output = zip(
                    record.body.last?.output ?? record.input, record.shortcut.last?.output ?? record.input
                ).map { $0 + $1 }
            } else {
                record.output = output(record, batch: batch, statistics: statistics)
            }
            records.append(record)
        }
        return records
    }

    private func output(_ record: Record, batch: Int, statistics: [Double]?) -> [Double] {
        let input = record.input
        switch record.layer.kind {
        case let layer as Convolution:
            return slide(record, layer.window, batch: batch).convolution(input, weight(layer), bias(layer))
        case let layer as Dense:
            return ReferenceDense.forward(input, weight(layer), bias(layer), outputs: layer.outputs, batch: batch)
        case let layer as Norm:
            return norm(record, batch: batch).forward(
                input, weight(layer), bias(layer) ?? [], given: statistics.map { given($0, layer) })
        case let layer as EvoNorm:
            return norm(record, batch: batch).evoNorm(
                input, weight(layer), bias(layer) ?? [], curve: parameter(layer, "v"))
        case Activation.relu: return input.map { max(0, $0) }
        case Activation.sigmoid: return input.map(ReferenceCurve.sigmoid)
        case Activation.tanh: return input.map(ReferenceCurve.tanh)
        case Activation.logSigmoid: return input.map(ReferenceCurve.logSigmoid)
        case let layer as MaxPool: return slide(record, layer.window, batch: batch).maxPool(input)
        case let layer as AveragePool: return slide(record, layer.window, batch: batch).averagePool(input)
        case is GlobalAveragePool: return norm(record, batch: batch).pixelMeans(input)
        case is Flatten: return input
        case is Dropout: return record.mask.map { zip(input, $0).map { $0 * $1 } } ?? input
        default: preconditionFailure("the reference does not know \(record.layer.kind)")
        }
    }

    private func backward(
        _ records: [Record], _ flowing: [Double], batch: Int, _ gradient: inout [Double]
    ) -> [Double] {
        var flowing = flowing
        for record in records.reversed() {
            if record.layer.kind is Residual {
                let body = backward(record.body, flowing, batch: batch, &gradient)
                let shortcut = backward(record.shortcut, flowing, batch: batch, &gradient)
                flowing = zip(body, shortcut).map { $0 + $1 }
            } else {
                flowing = backward(record, flowing, batch: batch, &gradient)
            }
        }
        return flowing
    }

    private func backward(
        _ record: Record, _ flowing: [Double], batch: Int, _ gradient: inout [Double]
    ) -> [Double] {
        let (input, output) = (record.input, record.output)
        switch record.layer.kind {
        case let layer as Convolution:
            let slide = slide(record, layer.window, batch: batch)
            add(slide.convolutionWeightsGradient(input, flowing), to: layer, "weight", &gradient)
            add(slide.convolutionBiasGradient(flowing), to: layer, "bias", &gradient)
            return slide.convolutionInputGradient(flowing, weight(layer))
        case let layer as Dense:
            add(
                ReferenceDense.weightsGradient(input, flowing, outputs: layer.outputs, batch: batch), to: layer,
                "weight",
                &gradient)
            add(ReferenceDense.biasGradient(flowing, outputs: layer.outputs), to: layer, "bias", &gradient)
            return ReferenceDense.inputGradient(flowing, weight(layer), outputs: layer.outputs, batch: batch)
        case let layer as Norm:
            let result = norm(record, batch: batch).backward(input, flowing, weight(layer))
            add(result.scale, to: layer, "weight", &gradient)
            add(result.shift, to: layer, "bias", &gradient)
            return result.input
        case let layer as EvoNorm:
            let result = norm(record, batch: batch).evoNormGradient(
                input, flowing, weight(layer), curve: parameter(layer, "v"))
            add(result.scale, to: layer, "weight", &gradient)
            add(result.shift, to: layer, "bias", &gradient)
            add(result.curve, to: layer, "v", &gradient)
            return result.input
        case Activation.relu: return zip(flowing, output).map { $1 > 0 ? $0 : 0 }
        case Activation.sigmoid: return zip(flowing, output).map { $0 * $1 * (1 - $1) }
        case Activation.tanh: return zip(flowing, output).map { $0 * (1 - $1 * $1) }
        case Activation.logSigmoid: return zip(flowing, input).map { $0 * (1 - ReferenceCurve.sigmoid($1)) }
        case let layer as MaxPool: return slide(record, layer.window, batch: batch).maxPoolGradient(input, flowing)
        case let layer as AveragePool: return slide(record, layer.window, batch: batch).averagePoolGradient(flowing)
        case is GlobalAveragePool: return norm(record, batch: batch).spread(flowing)
        case is Flatten: return flowing
        case is Dropout: return record.mask.map { zip(flowing, $0).map { $0 * $1 } } ?? flowing
        default: preconditionFailure("the reference does not know \(record.layer.kind)")
        }
    }

    private func slide(_ record: Record, _ window: KernelWindow, batch: Int) -> ReferenceSlide {
        ReferenceSlide(
            batch: batch, input: record.layer.inputShape, output: record.layer.outputShape, window: window)
    }

    private func norm(_ record: Record, batch: Int) -> ReferenceNorm {
        var groups: Int?
        if let norm = record.layer.kind as? Norm, case .groups(let count) = norm.extent { groups = count }
        if let norm = record.layer.kind as? EvoNorm { groups = norm.groups }
        let shape = record.layer.inputShape
        return ReferenceNorm(
            batch: batch, channels: shape[0], pixels: shape.dropFirst().reduce(1, *), groups: groups)
    }

    private func given(_ statistics: [Double], _ layer: Norm) -> (mean: [Double], variance: [Double]) {
        func numbers(_ kind: String) -> [Double] {
            network.statistics["\(layer.name ?? "").\(kind)"].map { Array(statistics[$0.range]) } ?? []
        }
        return (numbers("running_mean"), numbers("running_var"))
    }

    private func weight(_ layer: any LayerKind) -> [Double] { parameter(layer, "weight") ?? [] }

    private func bias(_ layer: any LayerKind) -> [Double]? { parameter(layer, "bias") }

    private func parameter(_ layer: any LayerKind, _ name: String) -> [Double]? {
        network.layout["\(layer.name ?? "").\(name)"].map { Array(parameters[$0.range]) }
    }

    private func add(_ values: [Double], to layer: any LayerKind, _ name: String, _ gradient: inout [Double]) {
        guard let entry = network.layout["\(layer.name ?? "").\(name)"] else { return }
        for (index, value) in zip(entry.range, values) { gradient[index] += value }
    }
}
