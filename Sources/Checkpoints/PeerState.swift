package import Gossip
package import Runtime

/// A peer at rest, but for its numbers.
package struct PeerState: Codable, Sendable {
    package struct Timer: Codable {
        package var timer: NodeTimer
        package var time: Time

        package init(timer: NodeTimer, time: Time) {
            self.timer = timer
            self.time = time
        }
    }

    package var node: NodeState
    package var progress: PeerProgress
    package var gradientNanoseconds: Int64
    package var timers: [Timer]
    /// The gradient that is computed and not yet handled; its vector is among the numbers as `pending`.
    package var report: GradientReport?

    package init(
        node: NodeState, progress: PeerProgress, gradientNanoseconds: Int64, timers: [Timer],
        report: GradientReport? = nil
    ) {
        self.node = node
        self.progress = progress
        self.gradientNanoseconds = gradientNanoseconds
        self.timers = timers
        self.report = report
    }

    // Names among the numbers.
    package static let pendingName = "pending"
    package static let learnerName = "learner"
}
