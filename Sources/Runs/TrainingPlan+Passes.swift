import Experiments
import Gossip
package import Records
package import Runtime

/// What is recorded of a network that is divided among peers.
extension TrainingPlan {
    /// The record of what a peer computed on a pass, and when.
    package func record(_ span: PassSpan, of peer: Int) -> MetricsRecord {
        .span(
            step: Int(span.step), peer: peer, begin: span.begin, end: span.end,
            pass: isInLastStage(peer) ? .both : span.isBackward ? .backward : .forward,
            microbatch: Int(span.pass.microbatch), slot: span.pass.slot)
    }

    private func isInLastStage(_ peer: Int) -> Bool {
        guard let division = experiment.division else { return false }
        return peer / division.peersPerStage == division.stageCount(peers: experiment.peers) - 1
    }
}
