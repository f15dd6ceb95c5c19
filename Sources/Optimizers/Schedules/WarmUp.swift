/// Another schedule whose first epochs are damped by a factor that rises from a share, or nearly 0, to 1 in equal
/// steps, after P. Goyal and others, Accurate, large minibatch SGD, 2017. The other schedule counts its epochs from the
/// run's begin.
public struct WarmUp: Schedule {
    /// How long the rise takes.
    public let epochs: Double
    /// The share that it rises from.
    public let start: Double
    private let schedule: any Schedule

    /// The other schedule, damped at first.
    public init(_ schedule: any Schedule, epochs: Double, from start: Double = 0) {
        self.schedule = schedule
        self.epochs = epochs
        self.start = start
    }

    public func factor(at step: Int, stepsPerEpoch: Double, of steps: Int) -> Double {
        let rise = min(Double(step + 1) / (epochs * stepsPerEpoch), 1)
        return (start + (1 - start) * rise) * schedule.factor(at: step, stepsPerEpoch: stepsPerEpoch, of: steps)
    }
}
