/// How the learning rate changes over a run: a pure function of the step, so that resuming needs no state.
public protocol Schedule: Sendable {
    /// What the optimizer's learning rate is multiplied by.
    ///
    /// - Parameters:
    ///   - step: steps this peer has taken: 0 for the first.
    ///   - stepsPerEpoch: steps of one of this peer's epochs; above 0, need not be whole.
    ///   - steps: steps that this peer makes in the whole run.
    func factor(at step: Int, stepsPerEpoch: Double, of steps: Int) -> Double
}

/// The learning rate never changes.
public struct ConstantSchedule: Schedule {
    public init() {}

    public func factor(at step: Int, stepsPerEpoch: Double, of steps: Int) -> Double { 1 }
}

/// The learning rate is multiplied by `factor` at each milestone: PyTorch's `MultiStepLR` and `StepLR`, counted in
/// epochs.
public struct StepSchedule: Schedule {
    public enum Milestones: Sendable, Hashable {
        /// After this many epochs, and again after as many more, and so on.
        case every(epochs: Int)
        /// After each of these numbers of epochs.
        case at(epochs: [Int])
    }

    public let milestones: Milestones
    public let factor: Double

    public init(_ milestones: Milestones, factor: Double) {
        self.milestones = milestones
        self.factor = factor
    }

    public func factor(at step: Int, stepsPerEpoch: Double, of steps: Int) -> Double {
        precondition(stepsPerEpoch > 0, "an epoch cannot have \(stepsPerEpoch) steps")
        let passed =
            switch milestones {
            case .every(let epochs): Int(Double(step) / (Double(epochs) * stepsPerEpoch))
            case .at(let epochs): epochs.count { Double(step) >= Double($0) * stepsPerEpoch }
            }
        return power(factor, passed)
    }

    /// By multiplication: the library's `pow` need not give the same bits on every machine.
    private func power(_ base: Double, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1) { product, _ in product * base }
    }
}
