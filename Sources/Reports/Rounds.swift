import Training

/// Where a point of a curve lies on each axis that it may be drawn against.
struct Moment: Sendable, Hashable {
    /// Seconds of training.
    var time: Double
    /// Seen by all peers together.
    var samples: Double
    /// Sent by all peers together.
    var bytes: Double
}

/// How well one model does.
struct Score: Sendable, Hashable {
    var accuracy: Double?
    var loss: Double?
}

/// Scores that belong to the same step of each peer.
struct Round: Sendable {
    var step: Int
    var epoch: Double
    var moment: Moment
    var consensus: Score?
    /// By their numbers, ascending.
    var peers: [(peer: Int, score: Score)]
    /// The server's model, where there is a server.
    var centre: Score?
    var distance: Double?

    /// Of the model that the run is judged by: the server's where there is one, else the average.
    var evaluated: Score? { centre ?? consensus }
    /// Whose model that is.
    var judged: String { centre == nil ? "consensus" : "server" }
}

extension Metrics {
    /// The tests of a run, in the order of time.
    func tests() -> [Round] { rounds(of: .test) }

    /// The training scores of a run: those of the peers that have reported the same step, in the order of time.
    ///
    /// A peer's moment is its own. Together they stand where the last of them was, and what had been sent until then is
    /// drawn straight between the moments for which it was recorded.
    func training() -> [Round] { rounds(of: .train) }

    private func rounds(of split: MetricsRecord.Split) -> [Round] {
        var groups: [Int: [MetricsRecord.Subject: Learning]] = [:]
        // A run that went on from a checkpoint may have recorded a step twice; the later record holds.
        for record in learning where record.split == split {
            groups[record.step, default: [:]][record.subject] = record
        }
        let distances = Dictionary(self.distances.map { ($0.step, $0.distance) }) { $1 }
        let traffic = TrafficCurve(self.traffic)
        let rounds = groups.compactMap { step, records -> Round? in
            let centre = records[.centre]
            let others = records.values.filter { $0.subject != .centre }
            guard !others.isEmpty else { return nil }
            let peers = others.compactMap { record in
                if case .peer(let peer) = record.subject { (peer, record) } else { nil }
            }.sorted { $0.0 < $1.0 }
            let consensus = records[.consensus]
            let time = others.map(\.time).max() ?? 0
            let moment = Moment(
                time: time,
                samples: consensus.map { Double($0.samples) } ?? peers.reduce(0) { $0 + Double($1.1.samples) },
                bytes: split == .test ? traffic.bytes(atStep: step, time: time) : traffic.bytes(at: time))
            return Round(
                step: step, epoch: others.map(\.epoch).max() ?? 0, moment: moment,
                consensus: consensus.map(Score.init), peers: peers.map { ($0.0, Score($0.1)) },
                centre: centre.map(Score.init), distance: split == .test ? distances[step] ?? nil : nil)
        }
        return rounds.sorted { ($0.moment.time, $0.step) < ($1.moment.time, $1.step) }
    }
}

extension Score {
    init(_ record: Metrics.Learning) { self.init(accuracy: record.accuracy, loss: record.loss) }
}

/// How many bytes all peers had sent at any time, known at some.
struct TrafficCurve {
    private let byStep: [Int: Double]
    private let points: [(time: Double, bytes: Double)]

    init(_ records: [Metrics.Traffic]) {
        byStep = Dictionary(records.map { ($0.step, $0.bytes) }) { $1 }
        points = [(0, 0)] + records.map { ($0.time, $0.bytes) }.sorted { $0.0 < $1.0 }
    }

    /// What was recorded with a step, or else between the records around that time.
    func bytes(atStep step: Int, time: Double) -> Double { byStep[step] ?? bytes(at: time) }

    /// On the straight line between the records around a time; after the last one, what that one says.
    func bytes(at time: Double) -> Double {
        // The first point that is not before the time, by halving.
        var (low, high) = (0, points.count)
        while low < high {
            let middle = (low + high) / 2
            if points[middle].time < time { low = middle + 1 } else { high = middle }
        }
        guard low < points.count else { return points[points.count - 1].bytes }
        let end = points[low]
        guard low > 0, end.time > points[low - 1].time else { return end.bytes }
        let begin = points[low - 1]
        return begin.bytes + (end.bytes - begin.bytes) * (time - begin.time) / (end.time - begin.time)
    }
}
