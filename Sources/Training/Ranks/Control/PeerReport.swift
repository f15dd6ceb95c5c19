import Checkpoints
import Gossip
import Graphs
import Runs
import Runtime

/// How far a peer is.
struct PeerReport: Codable, Sendable {
    private let told: PeerProgress
    private let unacknowledged: Int
    private let timers: Int
    private let abandonment: String?
    private let waits: [PeerID: Double]
    /// Stretches of steps that were not told before.
    let spans: [PeerProgress.Span]
    /// What was computed of passes, and not told before.
    let passes: [PassSpan]
    let gradientSeconds: Double

    /// Takes the spans of steps and passes out of a peer's progress.
    init(_ progress: inout PeerProgress, gradientSeconds: Double) {
        spans = progress.takeSpans()
        passes = progress.timeline?.take() ?? []
        told = progress
        unacknowledged = progress.unacknowledged
        timers = progress.timers
        abandonment = progress.abandonment
        waits = progress.waits
        self.gradientSeconds = gradientSeconds
    }

    var progress: PeerProgress {
        var progress = told
        progress.unacknowledged = unacknowledged
        progress.timers = timers
        progress.abandonment = abandonment
        progress.waits = waits
        return progress
    }
}
