/// What a run came to, for its summary, its table and its exit code.
public struct RunResult: Sendable {
    public var summary: Summary
    /// The models that were tested at the end, in the order in which they are shown.
    public var models: [TestedModel]
    public var ending: Ending

    public init(summary: Summary, models: [TestedModel], ending: Ending) {
        self.summary = summary
        self.models = models
        self.ending = ending
    }

    /// How one model did on the test samples.
    public struct TestedModel: Sendable, Hashable {
        /// `consensus`, `peer 3`, `centre`.
        public var name: String
        /// The gradient steps that the peer has made; nil for a model that is no peer's.
        public var steps: Int?
        public var accuracy: Double?
        public var loss: Double?

        public init(name: String, steps: Int?, accuracy: Double?, loss: Double?) {
            self.name = name
            self.steps = steps
            self.accuracy = accuracy
            self.loss = loss
        }
    }

    /// Why the run ended.
    public enum Ending: Sendable, Hashable {
        /// All steps were made, or the target accuracy was reached.
        case finished
        /// A signal asked for it.
        case stopped(signal: Int32)
        /// A number stopped being one; the sentence says where.
        case diverged(String)
    }
}

/// How far a run is, for whoever watches.
public struct RunProgress: Sendable, Hashable {
    /// Gradient steps of all peers together.
    public var steps: Int
    public var totalSteps: Int
    /// Seconds of training, evaluation excluded.
    public var seconds: Double
    public var samplesPerSecond: Double
    /// The latest training loss, averaged over the peers.
    public var loss: Double?
    /// The latest test accuracy of the consensus model.
    public var accuracy: Double?

    public init(
        steps: Int, totalSteps: Int, seconds: Double, samplesPerSecond: Double, loss: Double? = nil,
        accuracy: Double? = nil
    ) {
        self.steps = steps
        self.totalSteps = totalSteps
        self.seconds = seconds
        self.samplesPerSecond = samplesPerSecond
        self.loss = loss
        self.accuracy = accuracy
    }
}
