import Gossip

/// What the batches of a stretch of steps came to.
public struct LossTally: Sendable, Hashable, Codable {
    private var lossSum = 0.0
    private var correct = 0
    private var samples = 0

    /// No batch yet.
    public init() {}

    /// Counts a gradient's batch.
    public mutating func count(_ report: GradientReport) { count(report, ofSamples: report.samples) }

    /// Counts a pass that has ended. Its loss is a share of its microbatch's mean, of which the shares of all slots are
    /// the sum.
    public mutating func count(_ pass: PassReport) { count(pass.gradient, ofSamples: pass.microbatchSamples) }

    private mutating func count(_ report: GradientReport, ofSamples count: Int) {
        lossSum += Double(report.loss) * Double(count)
        correct += report.correct
        samples += report.samples
    }

    /// Mean loss and share of correct answers over all samples, and begins again; nil where there was none.
    public mutating func take() -> (loss: Double, accuracy: Double)? {
        guard samples > 0 else { return nil }
        defer { self = LossTally() }
        return (lossSum / Double(samples), Double(correct) / Double(samples))
    }

    /// Throws for a count that no run comes to.
    public func check() throws(StateError) {
        guard samples >= 0, correct >= 0, UInt64(max(samples, correct)) <= StateAudit.countLimit else {
            throw StateError("a count is more than any run comes to, or negative")
        }
    }
}
