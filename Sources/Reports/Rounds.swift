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
struct Round: Sendable, Hashable {
    var step: Int
    var epoch: Double
    var moment: Moment
    var consensus: Score?
    var peers: [Int: Score]
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
    func tests() -> [Round] { rounds(of: "test") }

    /// The training scores of a run: those of the peers that have reported the same step, in the order of time.
    ///
    /// A peer's moment is its own. Together they stand where the last of them was, and what had been sent until then is
    /// drawn straight between the moments for which it was recorded.
    func training() -> [Round] { rounds(of: "train") }

    private func rounds(of split: String) -> [Round] {
        var groups: [Int: [Int?: Learning]] = [:]
        // A run that went on from a checkpoint may have recorded a step twice; the later record holds.
        for record in learning where record.split == split && !record.isCentre {
            groups[record.step, default: [:]][record.peer] = record
        }
        let centres = learning.filter { $0.split == split && $0.isCentre }
        let centre = Dictionary(centres.map { ($0.step, Score($0)) }) { $1 }
        let distances = Dictionary(self.distances.map { ($0.step, $0.distance) }) { $1 }
        let traffic = TrafficCurve(self.traffic)
        let rounds = groups.map { step, records in
            let peers = records.compactMap { peer, record in peer.map { ($0, record) } }
            let time = records.values.map(\.time).max() ?? 0
            let moment = Moment(
                time: time,
                samples: records[nil]?.samples ?? peers.map(\.1.samples).reduce(0, +),
                bytes: split == "test" ? traffic.bytes(atStep: step, time: time) : traffic.bytes(at: time))
            return Round(
                step: step, epoch: records.values.map(\.epoch).max() ?? 0, moment: moment,
                consensus: records[nil].map(Score.init),
                peers: Dictionary(uniqueKeysWithValues: peers.map { ($0, Score($1)) }), centre: centre[step],
                distance: split == "test" ? distances[step] ?? nil : nil)
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
