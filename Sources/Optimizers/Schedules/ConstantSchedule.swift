/// The learning rate never changes.
public struct ConstantSchedule: Schedule {
    /// A factor of 1, always.
    public init() {}

    public func factor(at step: Int, stepsPerEpoch: Double, of steps: Int) -> Double { 1 }
}
