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

    /// Loss, logits and gradient on a batch of images (batch, channels, height, width). Dropout draws from the stream,
    /// one number a draw in the order of memory; it is the identity without one.
    func run(images: [Double], labels: [Int], dropout: RandomStream? = nil) -> Result {
        let batch = labels.count
        var stream = dropout
        var values = [images]
        var masks: [Int: [Double]] = [:]
        for (index, layer) in network.layers.enumerated() {
            let input = values[index]
            if case .dropout(let probability) = layer, stream != nil {
                masks[index] = input.map { _ in
                    stream?.bernoulli(probability) == true ? 0 : 1 / (1 - probability)
                }
            }
            values.append(forward(index, layer, input, batch: batch, mask: masks[index]))
        }
        let logits = values[network.layers.count]
        let (loss, lossGradient) = ReferenceLoss.softmaxCrossEntropy(logits, labels, classes: network.classes)
        var gradient = [Double](repeating: 0, count: network.layout.count)
        var flowing = lossGradient
        for index in network.layers.indices.reversed() {
            flowing = backward(
                index, flowing, input: values[index], output: values[index + 1], batch: batch, mask: masks[index],
                &gradient)
        }
        return Result(loss: loss, logits: logits, gradient: gradient)
    }

    private func forward(
        _ index: Int, _ layer: Layer, _ input: [Double], batch: Int, mask: [Double]?
    ) -> [Double] {
        switch layer {
        case .convolution(let name, _, let window, _):
            return slide(index, window, batch: batch).convolution(input, weight(name), bias(name))
        case .dense(let name, let outputs, _):
            return ReferenceDense.forward(input, weight(name), bias(name), outputs: outputs, batch: batch)
        case .relu: return input.map { max(0, $0) }
        case .sigmoid: return input.map(ReferenceCurve.sigmoid)
        case .tanh: return input.map(ReferenceCurve.tanh)
        case .maxPool(let window): return slide(index, window, batch: batch).maxPool(input)
        case .averagePool(let window): return slide(index, window, batch: batch).averagePool(input)
        case .flatten: return input
        case .dropout: return mask.map { zip(input, $0).map { $0 * $1 } } ?? input
        }
    }

    private func backward(
        _ index: Int, _ flowing: [Double], input: [Double], output: [Double], batch: Int, mask: [Double]?,
        _ gradient: inout [Double]
    ) -> [Double] {
        switch network.layers[index] {
        case .convolution(let name, _, let window, _):
            let slide = slide(index, window, batch: batch)
            add(slide.convolutionWeightsGradient(input, flowing), to: "\(name).weight", &gradient)
            add(slide.convolutionBiasGradient(flowing), to: "\(name).bias", &gradient)
            return slide.convolutionInputGradient(flowing, weight(name))
        case .dense(let name, let outputs, _):
            add(
                ReferenceDense.weightsGradient(input, flowing, outputs: outputs, batch: batch), to: "\(name).weight",
                &gradient)
            add(ReferenceDense.biasGradient(flowing, outputs: outputs), to: "\(name).bias", &gradient)
            return ReferenceDense.inputGradient(flowing, weight(name), outputs: outputs, batch: batch)
        case .relu: return zip(flowing, output).map { $1 > 0 ? $0 : 0 }
        case .sigmoid: return zip(flowing, output).map { $0 * $1 * (1 - $1) }
        case .tanh: return zip(flowing, output).map { $0 * (1 - $1 * $1) }
        case .maxPool(let window): return slide(index, window, batch: batch).maxPoolGradient(input, flowing)
        case .averagePool(let window): return slide(index, window, batch: batch).averagePoolGradient(flowing)
        case .flatten: return flowing
        case .dropout: return mask.map { zip(flowing, $0).map { $0 * $1 } } ?? flowing
        }
    }

    private func slide(_ index: Int, _ window: Window, batch: Int) -> ReferenceSlide {
        ReferenceSlide(
            batch: batch, input: network.inputShape(of: index), output: network.outputShapes[index], window: window)
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
