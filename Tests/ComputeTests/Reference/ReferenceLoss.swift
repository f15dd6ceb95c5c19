#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The loss in plain loops.
enum ReferenceLoss {
    /// The mean cross-entropy of the logits' softmax with the labels, of each of which a share is spread over all
    /// classes; and its gradient.
    static func softmaxCrossEntropy(
        _ logits: [Double], _ labels: [Int], classes: Int, smoothing: Double
    ) -> (loss: Double, gradient: [Double]) {
        var loss = 0.0
        var gradient = logits
        for (sample, label) in labels.enumerated() {
            let row = sample * classes..<(sample + 1) * classes
            let total = logits[row].map { exp($0) }.reduce(0, +)
            for index in row {
                let own = index == row.lowerBound + label ? 1 - smoothing : 0
                let target = own + smoothing / Double(classes)
                loss += target * (log(total) - logits[index])
                gradient[index] = (exp(logits[index]) / total - target) / Double(labels.count)
            }
        }
        return (loss / Double(labels.count), gradient)
    }
}
