internal import Models
internal import Randomness
internal import Vectors

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
        let layer: Layer
        /// Of one sample.
        let inputShape: [Int]
        let outputShape: [Int]
        let input: [Double]
        var output: [Double] = []
        var mask: [Double]?
        var body: [Record] = []
        var shortcut: [Record] = []
    }

    /// Loss, logits and gradient on a batch of images (batch, channels, height, width). Dropout draws from the stream,
    /// one number a draw in the order of memory; it is the identity without one. Batch-norms take the batch's own mean
    /// and variance, or the given statistics.
    func run(
        images: [Double], labels: [Int], dropout: RandomStream? = nil, statistics: [Double]? = nil
    ) -> Result {
        let batch = labels.count
        var stream = dropout
        let records = forward(
            network.layers, images, network.inputShape, batch: batch, statistics: statistics, &stream)
        let logits = records.last?.output ?? images
        let (loss, lossGradient) = ReferenceLoss.softmaxCrossEntropy(logits, labels, classes: network.classes)
        var gradient = [Double](repeating: 0, count: network.layout.count)
        _ = backward(records, lossGradient, batch: batch, &gradient)
        return Result(loss: loss, logits: logits, gradient: gradient)
    }

    private func forward(
        _ layers: [Layer], _ input: [Double], _ shape: [Int], batch: Int, statistics: [Double]?,
        _ stream: inout RandomStream?
    ) -> [Record] {
        var records: [Record] = []
        for layer in layers {
            let inputShape = records.last?.outputShape ?? shape
            var record = Record(
                layer: layer, inputShape: inputShape, outputShape: layer.outputShape(for: inputShape),
                input: records.last?.output ?? input)
            if case .dropout(let probability) = layer, stream != nil {
                record.mask = record.input.map { _ in
                    stream?.bernoulli(probability) == true ? 0 : 1 / (1 - probability)
                }
            }
            if case .residual(let body, let shortcut) = layer {
                record.body = forward(
                    body, record.input, inputShape, batch: batch, statistics: statistics, &stream)
                record.shortcut = forward(
                    shortcut, record.input, inputShape, batch: batch, statistics: statistics, &stream)
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
        switch record.layer {
        case .convolution(let name, _, let window, _):
            return slide(record, window, batch: batch).convolution(input, weight(name), bias(name))
        case .dense(let name, let outputs, _):
            return ReferenceDense.forward(input, weight(name), bias(name), outputs: outputs, batch: batch)
        case .batchNorm(let name, _), .groupNorm(let name, _, _):
            return norm(record, batch: batch).forward(
                input, weight(name), bias(name) ?? [], given: statistics.map { given($0, name) })
        case .relu: return input.map { max(0, $0) }
        case .sigmoid: return input.map(ReferenceCurve.sigmoid)
        case .tanh: return input.map(ReferenceCurve.tanh)
        case .maxPool(let window): return slide(record, window, batch: batch).maxPool(input)
        case .averagePool(let window): return slide(record, window, batch: batch).averagePool(input)
        case .globalAveragePool: return norm(record, batch: batch).pixelMeans(input)
        case .flatten: return input
        case .dropout: return record.mask.map { zip(input, $0).map { $0 * $1 } } ?? input
        case .residual: preconditionFailure("the branches of a residual block are computed one by one")
        }
    }

    private func backward(
        _ records: [Record], _ flowing: [Double], batch: Int, _ gradient: inout [Double]
    ) -> [Double] {
        var flowing = flowing
        for record in records.reversed() {
            if case .residual = record.layer {
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
        switch record.layer {
        case .convolution(let name, _, let window, _):
            let slide = slide(record, window, batch: batch)
            add(slide.convolutionWeightsGradient(input, flowing), to: "\(name).weight", &gradient)
            add(slide.convolutionBiasGradient(flowing), to: "\(name).bias", &gradient)
            return slide.convolutionInputGradient(flowing, weight(name))
        case .dense(let name, let outputs, _):
            add(
                ReferenceDense.weightsGradient(input, flowing, outputs: outputs, batch: batch), to: "\(name).weight",
                &gradient)
            add(ReferenceDense.biasGradient(flowing, outputs: outputs), to: "\(name).bias", &gradient)
            return ReferenceDense.inputGradient(flowing, weight(name), outputs: outputs, batch: batch)
        case .batchNorm(let name, _), .groupNorm(let name, _, _):
            let result = norm(record, batch: batch).backward(input, flowing, weight(name))
            add(result.scale, to: "\(name).weight", &gradient)
            add(result.shift, to: "\(name).bias", &gradient)
            return result.input
        case .relu: return zip(flowing, output).map { $1 > 0 ? $0 : 0 }
        case .sigmoid: return zip(flowing, output).map { $0 * $1 * (1 - $1) }
        case .tanh: return zip(flowing, output).map { $0 * (1 - $1 * $1) }
        case .maxPool(let window): return slide(record, window, batch: batch).maxPoolGradient(input, flowing)
        case .averagePool(let window): return slide(record, window, batch: batch).averagePoolGradient(flowing)
        case .globalAveragePool: return norm(record, batch: batch).spread(flowing)
        case .flatten: return flowing
        case .dropout: return record.mask.map { zip(flowing, $0).map { $0 * $1 } } ?? flowing
        case .residual: preconditionFailure("the branches of a residual block are computed one by one")
        }
    }

    private func slide(_ record: Record, _ window: Window, batch: Int) -> ReferenceSlide {
        ReferenceSlide(batch: batch, input: record.inputShape, output: record.outputShape, window: window)
    }

    private func norm(_ record: Record, batch: Int) -> ReferenceNorm {
        var groups: Int?
        if case .groupNorm(_, let count, _) = record.layer { groups = count }
        return ReferenceNorm(
            batch: batch, channels: record.inputShape[0], pixels: record.inputShape.dropFirst().reduce(1, *),
            groups: groups)
    }

    private func given(_ statistics: [Double], _ name: String) -> (mean: [Double], variance: [Double]) {
        func numbers(_ kind: String) -> [Double] {
            network.statistics["\(name).\(kind)"].map { Array(statistics[$0.range]) } ?? []
        }
        return (numbers("running_mean"), numbers("running_var"))
    }

    private func weight(_ name: String) -> [Double] {
        network.layout["\(name).weight"].map { Array(parameters[$0.range]) } ?? []
    }

    private func bias(_ name: String) -> [Double]? {
        network.layout["\(name).bias"].map { Array(parameters[$0.range]) }
    }

    private func add(_ values: [Double], to name: String, _ gradient: inout [Double]) {
        guard let entry = network.layout[name] else { return }
        for (index, value) in zip(entry.range, values) { gradient[index] += value }
    }
}
