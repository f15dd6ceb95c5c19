import Configuration

/// Where a peer stands in its periods.
struct Periods: Sendable, Codable {
    let length: UInt64
    var stepCounter: StepCounter
    /// The sum of the learning rates of the period's gradients so far.
    private var rates = 0.0

    init(_ setup: Setup, length: Int) {
        self.length = UInt64(length)
        stepCounter = StepCounter(steps: setup.steps)
    }

    /// The mean learning rate of a period at its end.
    var meanRate: Double { rates / Double(length) }

    mutating func count(rate: Double) {
        if stepCounter.step % length == 0 { rates = 0 }
        rates += rate
    }
}
