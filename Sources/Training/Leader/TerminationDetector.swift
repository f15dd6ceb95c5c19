import Runs
import Synchronization

/// Whether a run is quiet, by counts of all its processes taken twice (Mattern, 1987, "Algorithms for distributed
/// termination detection", section 5).
///
/// Where no process has begun anything between its two counts, nothing was unhandled in the first and every frame that
/// was sent had arrived, nothing was under way at any moment between the last of the first counts and the first of the
/// second; and all that the processes told of themselves in between belongs to that one state.
struct TerminationDetector: Equatable {
    private let begun: [Int: UInt64]

    /// Nil where something is under way. - Parameter counts: By rank, of those who live.
    init?(_ counts: [Int: Traffic.Count]) {
        for (rank, count) in counts {
            guard count.unhandled == 0 else { return nil }
            for (other, theirs) in counts where other != rank {
                guard count.sent[other] == theirs.received[rank] else { return nil }
            }
        }
        begun = counts.mapValues(\.begun)
    }
}
