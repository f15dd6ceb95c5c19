import Testing

@testable import Training

@Suite struct StopwatchTests {
    /// While the clock of training stands still nothing is spent, and what is under way counts.
    @Test func itGoesByTheTimeOfTraining() {
        let clock = RunClock()
        let stopwatch = Stopwatch(clock, nanoseconds: 5)
        stopwatch.start()
        stopwatch.stop()
        #expect(stopwatch.reading.spent == .nanoseconds(5))
        clock.resume()
        stopwatch.start()
        let first = stopwatch.reading
        let second = stopwatch.reading
        #expect(second.spent - first.spent == second.training - first.training)
        clock.pause()
        let still = stopwatch.reading
        #expect(stopwatch.reading == still)
        stopwatch.stop()
        #expect(stopwatch.reading == still && still.spent <= still.training + .nanoseconds(5))
    }
}
