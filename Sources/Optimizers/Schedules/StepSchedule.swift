/// The learning rate is multiplied by `factor` at each milestone: PyTorch's `MultiStepLR` and `StepLR`, counted in
/// epochs.
public struct StepSchedule: Schedule {
    /// When the learning rate falls.
    public enum Milestones: Sendable, Hashable {
        /// After this many epochs, and again after as many more, and so on.
        case every(epochs: Int)
        /// After each of these numbers of epochs.
        case at(epochs: [Int])
    }

    /// When the learning rate falls.
    public let milestones: Milestones
    /// What the learning rate is multiplied by at each milestone.
    public let factor: Double

    /// Falls by `factor` at each of the milestones.
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
