#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The loss in plain loops.
enum ReferenceLoss {
    /// The mean cross-entropy of the logits' softmax with the labels, and its gradient.
    static func softmaxCrossEntropy(
        _ logits: [Double], _ labels: [Int], classes: Int
    ) -> (loss: Double, gradient: [Double]) {
        var loss = 0.0
        var gradient = logits
        for (sample, label) in labels.enumerated() {
            let row = sample * classes..<(sample + 1) * classes
            let total = logits[row].map { exp($0) }.reduce(0, +)
            loss += log(total) - logits[row.lowerBound + label]
            for index in row {
                let target = index == row.lowerBound + label ? 1.0 : 0
                gradient[index] = (exp(logits[index]) / total - target) / Double(labels.count)
            }
        }
        return (loss / Double(labels.count), gradient)
    }
}
