/// Points of one quantity of one run.
struct Curve: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        /// The consensus model, tested.
        case consensus
        /// The model of a server behind the learners, tested.
        case server
        /// The peers' models, tested: mean, least and most.
        case peers
        /// The peers' training batches: mean, least and most.
        case training
        case distance
        /// The learning rate of the peers' steps: mean, least and most.
        case rate

        var name: String {
            switch self {
            case .consensus: "consensus model, test"
            case .server: "server, test"
            case .peers: "peers, test"
            case .training: "peers, training"
            case .distance: "consensus distance"
            case .rate: "learning rate"
            }
        }

        /// Beside the name of a run.
        var shortName: String {
            switch self {
            case .consensus: "consensus"
            case .server: "server"
            case .peers: "peers"
            case .training: "training"
            case .distance: "distance"
            case .rate: "learning rate"
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
