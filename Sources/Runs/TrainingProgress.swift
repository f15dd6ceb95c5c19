/// Where a run stands, for a progress line.
public struct TrainingProgress: Sendable, Hashable {
    /// Gradient steps made so far, over all learners.
    public var steps = 0
    /// Gradient steps that will have been made in the end, over all learners; from the dead no more are expected.
    public var stepsTotal = 0
    /// Seconds of training so far.
    public var seconds = 0.0
    /// Samples that all learners learned from, for each second of training so far.
    public var samplesPerSecond = 0.0
    /// Mean training loss of the last stretch of steps, over the peers that have reported one.
    public var loss: Double?
    /// The last test accuracy of the evaluated model, from 0 to 1; nil before the first test.
    public var accuracy: Double?
    /// Whether models are tested just now, while training stands still.
    public var isTesting = false
    /// What the peer of an open network has to do with others; nil for a run whose peers are all known.
    public var links: Links?

    /// Others on an open network, and what goes to them and comes.
    public struct Links: Sendable, Hashable {
        /// Peers that are there, this one among them.
        public var peers: Int
        /// Links that are up.
        public var links: Int
        /// Megabits a second that go out.
        public var megabitsSent: Double
        /// The same of what comes.
        public var megabitsReceived: Double

        package init(peers: Int, links: Int, megabitsSent: Double, megabitsReceived: Double) {
            self.peers = peers
            self.links = links
            self.megabitsSent = megabitsSent
            self.megabitsReceived = megabitsReceived
        }
    }

    /// A run that has not begun.
    public init() {}
}
