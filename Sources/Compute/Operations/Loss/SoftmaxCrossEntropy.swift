#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The cross-entropy of the softmax of the logits with the labels, and its gradient in the same pass.
///
/// With smoothing, that share of each label is spread evenly over all classes (Szegedy et al., 2016; PyTorch's
/// `label_smoothing`).
///
/// Adds every sample's loss to the run's sum; the gradient is that of their mean over the whole batch. A NaN among the
/// logits makes the loss NaN.
struct SoftmaxCrossEntropy {
    let batch: Int
    /// Samples in the whole batch, of which `batch` are here.
    let samples: Int
    let classes: Int
    let logits: BufferSlice
    /// None in inference.
    let gradient: BufferSlice?
    let smoothing: Float

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        let labels = memory.labels()
        for sample in 0..<batch {
            let row = memory.floats(logits) + sample * classes
            let label = Int(labels[sample])
            precondition(
                label >= 0 && label < classes, "sample \(sample) has label \(label), and there are \(classes) classes")
            var largest = 0
            for index in 1..<max(classes, 1) where row[index] > row[largest] { largest = index }
            var sum: Float = 0
            for index in 0..<classes { sum += expf(row[index] - row[largest]) }
            state.lossSum += Double(logf(sum) - self.label(row, label, largest: row[largest]))
            state.correct += largest == label ? 1 : 0
            guard let gradient else { continue }
            let target = memory.floats(gradient) + sample * classes
            let share = 1 / Float(samples)
            let spread = share * smoothing / Float(classes)
            for index in 0..<classes {
                target[index] = expf(row[index] - row[largest]) / sum * share - spread
            }
            target[label] -= share * (1 - smoothing)
        }
    }

    /// The label's logit, or the mean of all that are its by the smoothing, less the largest.
    private func label(_ row: UnsafePointer<Float>, _ label: Int, largest: Float) -> Float {
        let own = row[label] - largest
        guard smoothing > 0 else { return own }
        var sum: Float = 0
        for index in 0..<classes { sum += row[index] - largest }
        return (1 - smoothing) * own + smoothing * sum / Float(classes)
    }
}

extension Planner {
    /// Appends the loss of the logits, and where a block for it is given its gradient, both with smoothing then.
    mutating func softmaxCrossEntropy(_ logits: Value, gradient: BufferSlice?, smoothing: Double) {
        let loss = SoftmaxCrossEntropy(
            batch: batch, samples: samples, classes: logits.count, logits: logits.slice, gradient: gradient,
            smoothing: gradient == nil ? 0 : Float(smoothing))
        append([logits.slice, gradient]) { memory, state in loss.run(in: memory, &state) }
    }
}
