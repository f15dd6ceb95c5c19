import Gossip
import Synchronization

/// The clock of a run: time since its begin, and time of training, which stands still while models are tested.
final class RunClock: Sendable {
    private struct State {
        var training = Duration.zero
        /// When training was last resumed; nil while it stands still.
        var resumed: ContinuousClock.Instant?
    }

    private let begin = ContinuousClock.now
    private let state = Mutex(State())

    /// Time since the run began.
    var now: Time { Time(nanoseconds: (ContinuousClock.now - begin).wholeNanoseconds) }

    /// Seconds of training so far.
    var trainingSeconds: Double {
        state.withLock { state in
            state.training.inSeconds + (state.resumed.map { (ContinuousClock.now - $0).inSeconds } ?? 0)
        }
    }

    func resume() { state.withLock { $0.resumed = ContinuousClock.now } }

    func pause() {
        state.withLock { state in
            guard let resumed = state.resumed else { return }
            state.training += ContinuousClock.now - resumed
            state.resumed = nil
        }
    }
}

extension Duration {
    var wholeNanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }

    var inSeconds: Double { Double(wholeNanoseconds) * 1e-9 }
}
