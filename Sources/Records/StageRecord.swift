package import Configuration

/// A stage of a divided network, and who shares its work.
public struct StageRecord: Sendable, Hashable {
    /// The stage's number, from 0, in the order of the layers.
    public let stage: Int
    /// Which layers it has: `0-4`.
    public let layers: String
    /// Its peers, in the order of their slots.
    public let peers: [Int]
    /// How many numbers are learned in it.
    public let parameters: Int
    /// By what its peers share the work: `rows` or `neurons`.
    public let split: String

    /// A stage of layers `layers`, both ends among them.
    public init(stage: Int, layers: ClosedRange<Int>, peers: [Int], parameters: Int, split: String) {
        self.stage = stage
        self.layers = layers.count == 1 ? "\(layers.lowerBound)" : "\(layers.lowerBound)-\(layers.upperBound)"
        self.peers = peers
        self.parameters = parameters
        self.split = split
    }

    package var fields: [(String, JSON)] {
        [
            ("stage", .integer(stage)), ("layers", .string(layers)), ("peers", .array(peers.map(JSON.integer))),
            ("parameters", .integer(parameters)), ("split", .string(split)),
        ]
    }

    /// Reads the fields of a line. Throws for those that are missing, or of another type.
    package init(_ json: JSON) throws(MetricsError) {
        stage = try json.integer("stage")
        layers = try json.string("layers")
        parameters = try json.integer("parameters")
        split = try json.string("split")
        guard case .array(let items) = json["peers"] else { throw .type(of: "peers") }
        var peers: [Int] = []
        for case .integer(let peer) in items where peer >= 0 { peers.append(peer) }
        guard peers.count == items.count else { throw .type(of: "peers") }
        self.peers = peers
    }
}
