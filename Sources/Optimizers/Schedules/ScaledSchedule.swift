/// Another schedule, all of it times a factor: linear scaling of the learning rate with the batch (P. Goyal and others,
/// Accurate, large minibatch SGD, 2017).
public struct ScaledSchedule: Schedule {
    /// What the other schedule is multiplied by.
    public let factor: Double
    private let schedule: any Schedule

    /// The other schedule times a factor.
    public init(_ schedule: any Schedule, by factor: Double) {
        self.schedule = schedule
        self.factor = factor
    }

    public func factor(at step: Int, stepsPerEpoch: Double, of steps: Int) -> Double {
        factor * schedule.factor(at: step, stepsPerEpoch: stepsPerEpoch, of: steps)
    }
}
