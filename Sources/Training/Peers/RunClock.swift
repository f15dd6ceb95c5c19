import Gossip
import Runs
import Synchronization

/// The clock of a run: time since its begin, and time of training, which stands still while models are tested.
final class RunClock: Sendable {
    private struct State {
        var begin = ContinuousClock.now
        var training = Duration.zero
        /// When training was last resumed; nil while it stands still.
        var resumed: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// Has the clock go on from where that of a saved run stood.
    func set(now: Time, training: Duration) {
        state.withLock { state in
            state.begin = ContinuousClock.now - .nanoseconds(now.nanoseconds)
            state.training = training
        }
    }

    /// Time since the run began.
    var now: Time {
        let begin = state.withLock { $0.begin }
        return Time(nanoseconds: (ContinuousClock.now - begin).wholeNanoseconds)
    }

    /// Seconds of training so far.
    var trainingSeconds: Double { training.inSeconds }

    /// The same as a moment.
    var trainingTime: Time { Time(training) }

    /// Time of training so far.
    var training: Duration {
        state.withLock { state in state.training + (state.resumed.map { ContinuousClock.now - $0 } ?? .zero) }
    }

    /// The moment at which training will have lasted that long, if it goes on all the time. While it stands still, and
    /// for moments that have passed, a moment soon: who waits for it must look again.
    func moment(ofTraining time: Time) -> Time {
        let isRunning = state.withLock { $0.resumed != nil }
        let least: Int64 = isRunning ? 0 : 10_000_000
        return Time(nanoseconds: now.nanoseconds + max(least, time.nanoseconds - training.wholeNanoseconds))
    }

    func resume() { state.withLock { $0.resumed = $0.resumed ?? ContinuousClock.now } }

    func pause() {
        state.withLock { state in
            guard let resumed = state.resumed else { return }
            state.training += ContinuousClock.now - resumed
            state.resumed = nil
        }
    }
}

extension Time {
    /// The moment at which training has lasted that long.
    init(_ training: Duration) { self.init(nanoseconds: training.wholeNanoseconds) }
}

extension Duration {
    var wholeNanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }

    var inSeconds: Double { Double(wholeNanoseconds) * 1e-9 }
}
