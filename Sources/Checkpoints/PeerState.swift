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
    /// The same of a pass: its gradient is among the numbers as `pending`, or its parts are as `pending.0` and so on.
    package var pass: HeldPass?

    package init(
        node: NodeState, progress: PeerProgress, gradientNanoseconds: Int64, timers: [Timer],
        held: Inbound? = nil, _ numbers: inout StateDict
    ) {
        self.node = node
        self.progress = progress
        self.gradientNanoseconds = gradientNanoseconds
        self.timers = timers
        switch held {
        case .gradientReady(let report): self.report = report
        case .passAdvanced(let report): pass = HeldPass(report, &numbers)
        default: break
        }
    }

    /// Whether there is a gradient that is computed and not yet handled.
    package var holdsGradient: Bool { report != nil || pass.map { $0.stop == nil } == true }

    /// What is computed and not yet handled. Throws where its numbers are not there.
    package func held(_ numbers: StateDict) throws(StateError) -> Inbound? {
        if let pass { return .passAdvanced(try pass.report(numbers)) }
        return report.map { .gradientReady($0) }
    }

    // Names among the numbers.
    package static let pendingName = HeldPass.pendingName
    package static let learnerName = "learner"
}
