package import Records

/// What brought a run to its end.
public enum RunEnding: Sendable, Hashable {
    /// Every living learner has made the steps asked for.
    case completed
    /// The evaluated model reached the accuracy asked for.
    case targetReached
    /// Somebody asked for an early end.
    case stopped
    /// A loss was no longer a number.
    case diverged(peer: Int, step: Int)
    /// A peer could not go on without one that was gone.
    case abandoned(peer: Int, reason: String)
}

extension RunEnding {
    /// The same for the records, which name no peer.
    package var recorded: Summary.Ending {
        switch self {
        case .completed: .completed
        case .targetReached: .targetReached
        case .stopped: .stopped
        case .diverged: .diverged
        case .abandoned: .abandoned
        }
    }
}
