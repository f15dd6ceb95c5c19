public import Gossip
public import Vectors

/// How far a pass has come.
public struct PassReport: Sendable {
    /// Which pass.
    public let pass: Pass
    /// Where it stops; nil: it has ended, and its gradient can be taken.
    public let stop: PassStop?
    /// What it has for others.
    public let parts: [Payload]
    /// Of a pass that has ended: its share of the microbatch's mean loss, how many of its samples the model classified
    /// correctly, and how many there are. All 0 but in the last stage, and where several slots have the same samples,
    /// in the first of them.
    public let gradient: GradientReport
    /// How many samples the microbatch of an ended pass has, of which its own are some.
    public let microbatchSamples: Int

    /// A pass that has stopped.
    public init(_ pass: Pass, at stop: PassStop, parts: [Payload]) {
        self.pass = pass
        self.stop = stop
        self.parts = parts
        gradient = GradientReport(loss: 0, correct: 0, samples: 0)
        microbatchSamples = 0
    }

    /// A pass that has ended. Without `samples` its own are all that the microbatch has.
    public init(ended pass: Pass, _ gradient: GradientReport, ofSamples samples: Int? = nil) {
        self.pass = pass
        stop = nil
        parts = []
        self.gradient = gradient
        microbatchSamples = samples ?? gradient.samples
    }
}
