package import Gossip
package import Graphs
package import Runtime
package import Vectors

/// What a peer's threads tell the run about it.
package struct PeerProgress: Sendable, Codable {
    /// A stretch of steps and the mean loss over its samples.
    package struct Span: Sendable, Codable {
        package var step: UInt64 = 0
        /// Seconds of training at the end of the stretch.
        package var time = 0.0
        /// Samples that the peer has seen since the run began.
        package var samples = 0
        package var loss = 0.0
        package var accuracy = 0.0
        /// That of the last step.
        package var learningRate: Float = 0
    }

    package var statistics = NodeStatistics()
    /// Seconds of training until the peer's last step; nil while it has steps to make.
    package var finishedAt: Double?
    /// Seconds of training until the peer died, if it did.
    package var diedAt: Double?
    /// Messages of which the peer has not heard whether they came.
    package var unacknowledged = 0
    /// Timers that the peer has set.
    package var timers = 0
    /// What the peer holds of the conserved mass, where its algorithm has one.
    package var mass: Double?
    /// How its neighbours stand with it after its last step, where its algorithm judges them.
    package var trust: [TrustStanding]?
    /// Spans that nobody has fetched yet.
    package var spans: [Span] = []
    /// What it computed of passes, and when; nil where it has computed none.
    package var timeline: PassTimeline?
    /// The step after which a loss was not finite.
    package var divergedAt: UInt64?
    /// Why the peer could not go on.
    package var abandonment: String?
    /// Seconds of training in which the node took the optimizer's step, mixed and sent, no gradient being under way.
    package var updateSeconds = 0.0
    /// Seconds of training in which the node handled messages, no gradient being under way and steps being left to
    /// make.
    package var communicationSeconds = 0.0
    /// Seconds of training in which the peer waited for messages, by their sender: since this process began, for those
    /// who watch.
    package var waits: [PeerID: Double] = [:]
    package var finalModel: Payload?

    // Spans are written before a checkpoint is, a model is final at the end only, and nobody saves a run given up.
    private enum CodingKeys: CodingKey {
        case statistics, finishedAt, diedAt, mass, timeline, divergedAt, updateSeconds, communicationSeconds, lossTally,
            steps, trust
    }

    private var lossTally = LossTally()
    private var steps: UInt64 = 0

    package init() {}

    /// Whether the peer has nothing more to do in the run.
    package var isDone: Bool { diedAt != nil || (finishedAt != nil && unacknowledged == 0) }

    /// The same, but for messages that may have to be sent again.
    package var hasMadeItsSteps: Bool { diedAt != nil || finishedAt != nil }

    package mutating func count(_ report: GradientReport, updateSeconds seconds: Double) {
        steps += 1
        lossTally.count(report)
        updateSeconds += seconds
        if !report.loss.isFinite && divergedAt == nil { divergedAt = steps }
    }

    /// Counts a pass that has ended.
    package mutating func count(_ pass: PassReport, updateSeconds seconds: Double) {
        lossTally.count(pass)
        updateSeconds += seconds
        if !pass.gradient.loss.isFinite && divergedAt == nil { divergedAt = statistics.steps + 1 }
    }

    package mutating func closeSpan(
        step: UInt64, time: Double, samples total: Int, learningRate: Float
    ) {
        guard let (loss, accuracy) = lossTally.take() else { return }
        spans.append(
            Span(
                step: step, time: time, samples: total, loss: loss, accuracy: accuracy, learningRate: learningRate))
    }

    /// Throws for a count or a time that no run comes to.
    package func check() throws(StateError) {
        try lossTally.check()
        guard max(steps, divergedAt ?? 0) <= StateAudit.countLimit else {
            throw StateError("a count is more than any run comes to")
        }
        for (key, seconds) in [
            ("finishedAt", finishedAt), ("diedAt", diedAt), ("updateSeconds", updateSeconds),
            ("communicationSeconds", communicationSeconds),
        ] {
            guard let seconds else { continue }
            guard (0...1e9).contains(seconds) else { throw StateError("'\(key)' is \(seconds)") }
        }
        try timeline?.check()
    }

    package mutating func takeSpans() -> [Span] {
        defer { spans = [] }
        return spans
    }
}
