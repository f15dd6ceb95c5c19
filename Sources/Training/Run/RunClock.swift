import Gossip
import Synchronization

/// The clock of a run: time since its begin, and time of training, which stands still while models are tested.
final class RunClock: Sendable {
    private struct State {
        var training = Duration.zero
        /// When training was last resumed; nil while it stands still.
        var resumed: ContinuousClock.Instant?
    }

    private let begin: ContinuousClock.Instant
    private let state: Mutex<State>

    /// A clock that goes on from where that of a saved run stood.
    init(now: Time = .zero, training: Duration = .zero) {
        begin = ContinuousClock.now - .nanoseconds(now.nanoseconds)
        state = Mutex(State(training: training))
    }

    /// Time since the run began.
    var now: Time { Time(nanoseconds: (ContinuousClock.now - begin).wholeNanoseconds) }

    /// Seconds of training so far.
    var trainingSeconds: Double { training.inSeconds }

    /// Time of training so far.
    var training: Duration {
        state.withLock { state in state.training + (state.resumed.map { ContinuousClock.now - $0 } ?? .zero) }
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
