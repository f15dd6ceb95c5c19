/// Least, mean and most of some values; nil where one of them is no number.
struct Band: Sendable, Hashable {
    var low: Double?
    var middle: Double?
    var high: Double?

    init(_ value: Double?) {
        let value = value.flatMap { $0.isFinite ? $0 : nil }
        (low, middle, high) = (value, value, value)
    }

    /// Over the peers: one whose value is no number leaves a gap, for a mean of the others would look better than it
    /// is.
    init(over values: [Double?]) {
        let numbers = values.compactMap { $0 }.filter(\.isFinite)
        guard numbers.count == values.count, let low = numbers.min(), let high = numbers.max() else { return }
        self.low = low
        self.high = high
        // A mean may leave its range by rounding.
        middle = min(max(numbers.reduce(0, +) / Double(numbers.count), low), high)
    }
}

/// Points of one quantity of one run.
struct Curve: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        /// The consensus model, tested.
        case consensus
        /// The model of a server behind the learners, tested.
        case centre
        /// The peers' models, tested: mean, least and most.
        case peers
        /// The peers' training batches: mean, least and most.
        case training
        case distance

        var name: String {
            switch self {
            case .consensus: "consensus model, test"
            case .centre: "centre, test"
            case .peers: "peers, test"
            case .training: "peers, training"
            case .distance: "consensus distance"
            }
        }

        /// Beside the name of a run.
        var shortName: String {
            switch self {
            case .consensus: "consensus"
            case .centre: "centre"
            case .peers: "peers"
            case .training: "training"
            case .distance: "distance"
            }
        }
    }

    /// Which of the compared runs it belongs to.
    var run: Int
    var kind: Kind
    var label: String
    var points: [(moment: Moment, band: Band)]

    /// The points that have a place on an axis, the last of several at the same place, in the order of the axis.
    func points(on axis: Axis) -> [(x: Double, band: Band)] {
        var last: [Double: Band] = [:]
        for point in points { last[axis.value(point.moment)] = point.band }
        return last.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

/// What charts may be drawn against.
enum Axis: String, Sendable, CaseIterable {
    case time, samples, bytes

    var name: String {
        switch self {
        case .time: "seconds of training"
        case .samples: "samples seen by all peers"
        case .bytes: "bytes sent by all peers"
        }
    }

    func value(_ moment: Moment) -> Double {
        switch self {
        case .time: moment.time
        case .samples: moment.samples
        case .bytes: moment.bytes
        }
    }
}

/// One quantity of all compared runs.
struct Chart: Sendable {
    var id: String
    var title: String
    var curves: [Curve]

    var isEmpty: Bool { curves.allSatisfy(\.points.isEmpty) }

    /// Rows that a chart may have: more are drawn slowly and look the same.
    static let rowLimit = 2000

    /// The charts of some runs.
    static func charts(of runs: [RunRecords]) -> [Chart] {
        // Each run has rows of its own: one for each test and one for each stretch of training.
        let limit = max(2, rowLimit / max(1, runs.count) / 2)
        let tests = runs.map { $0.tests.thinned(to: limit) }
        let training = runs.map { $0.training.thinned(to: limit) }
        func curves(_ value: KeyPath<Score, Double?>) -> [Curve] {
            runs.indices.flatMap { run -> [Curve] in
                let isAlone = Set(tests[run].flatMap { $0.peers.map(\.peer) }).count < 2
                var curves = [
                    curve(run, .consensus, tests[run].filter { $0.consensus != nil }) {
                        Band($0.consensus?[keyPath: value])
                    }
                ]
                curves.append(
                    curve(run, .centre, tests[run].filter { $0.centre != nil }) { Band($0.centre?[keyPath: value]) })
                // A single peer is its own consensus.
                if !isAlone { curves.append(curve(run, .peers, tests[run]) { peers($0, value) }) }
                curves.append(curve(run, .training, training[run]) { peers($0, value) })
                return curves.filter { !$0.points.isEmpty }
            }
        }
        func peers(_ round: Round, _ value: KeyPath<Score, Double?>) -> Band {
            Band(over: round.peers.map { $0.score[keyPath: value] })
        }
        func curve(_ run: Int, _ kind: Curve.Kind, _ rounds: [Round], _ band: (Round) -> Band) -> Curve {
            let label =
                runs.count == 1
                ? kind.name : kind == .distance ? runs[run].label : "\(runs[run].label): \(kind.shortName)"
            return Curve(run: run, kind: kind, label: label, points: rounds.map { ($0.moment, band($0)) })
        }
        let distances = runs.indices.map { run in
            curve(run, .distance, tests[run].filter { $0.distance != nil }) { Band($0.distance) }
        }
        return [
            Chart(id: "accuracy", title: "Accuracy", curves: curves(\.accuracy)),
            Chart(id: "loss", title: "Loss", curves: curves(\.loss)),
            Chart(id: "distance", title: "Consensus distance", curves: distances.filter { !$0.points.isEmpty }),
        ]
    }
}
