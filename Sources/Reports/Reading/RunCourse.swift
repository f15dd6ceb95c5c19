/// How a run went: what each test of its models found, in the order of time.
public struct RunCourse: Sendable {
    /// A test of the models, or the training batches at the same step.
    public struct Point: Sendable, Hashable {
        /// The step after which it was made.
        public var step: Int
        /// Passes over the training set by all peers together.
        public var epoch: Double
        /// Seconds of training.
        public var seconds: Double
        /// Samples seen by all peers together.
        public var samples: Double
        /// Bytes sent by all peers together.
        public var bytes: Double
        /// From 0 to 1, of the model that the run is judged by, or in the mean of the peers' batches.
        public var accuracy: Double?
        /// Of the same.
        public var loss: Double?
        /// Root mean square distance of the peers' models to their average.
        public var consensusDistance: Double?
    }

    /// On the test set.
    public let tests: [Point]
    /// On the batches that were learned from.
    public let training: [Point]

    /// What the records of a run say of it.
    public init(_ run: RunRecords) {
        tests = run.tests.map { Point($0, accuracy: $0.evaluated?.accuracy, loss: $0.evaluated?.loss) }
        training = run.training.map { round in
            Point(
                round, accuracy: Band(over: round.peers.map(\.score.accuracy)).middle,
                loss: Band(over: round.peers.map(\.score.loss)).middle)
        }
    }
}

extension RunCourse.Point {
    init(_ round: Round, accuracy: Double?, loss: Double?) {
        self.init(
            step: round.step, epoch: round.moment.epoch, seconds: round.moment.time, samples: round.moment.samples,
            bytes: round.moment.bytes, accuracy: accuracy, loss: loss, consensusDistance: round.distance)
    }
}
