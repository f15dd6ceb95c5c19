import Dispatch
import Runs
import Synchronization

/// What makes a peer stand for a slower machine: it waits behind each gradient for a multiple of the time that the
/// gradient took. Time of training, in which the wait does not count as computing. What is too short to be waited for
/// precisely is added up.
final class StragglerDelay: Sendable {
    private let clock: RunClock
    private let factor: @Sendable () -> Double
    /// Seconds still to be waited; less than none where a wait was too long.
    let owed = Mutex(0.0)
    private let isOver = Atomic(false)
    private let end = DispatchSemaphore(value: 0)

    /// - Parameter factor: How many times as long a gradient takes that begins now; up to 1 it takes its own time.
    init(_ clock: RunClock, factor: @escaping @Sendable () -> Double) {
        self.clock = clock
        self.factor = factor
    }

    /// Carries out a gradient and waits for as long as it takes on the slower machine.
    func stretch<Result>(_ body: () -> (report: Result, seconds: Double)) -> Result {
        let factor = factor()
        let (result, seconds) = body()
        guard factor > 1 else { return result }
        owed.withLock { owed in
            owed += (factor - 1) * seconds
            if owed >= Self.leastSeconds { owed -= wait(seconds: owed) }
        }
        return result
    }

    private static let leastSeconds = 0.001

    /// Waits, and returns for how long.
    private func wait(seconds: Double) -> Double {
        let begin = clock.trainingSeconds
        while !isOver.load(ordering: .acquiring) {
            let left = seconds - (clock.trainingSeconds - begin)
            if left <= 0 { break }
            // While models are tested the clock stands still: no shorter looks than these.
            _ = end.wait(timeout: .now() + max(left, Self.leastSeconds))
        }
        return clock.trainingSeconds - begin
    }

    /// Ends the wait, and lets none begin: the run ends, or the peer is dead.
    func stop() {
        isOver.store(true, ordering: .releasing)
        end.signal()
    }
}
