public import Configuration

/// A graph as a pure function: who may send to whom in which round.
public protocol Topology: Sendable {
    static var description: Description { get }

    /// The graph of `peers` peers; refuses numbers of peers for which it does not exist.
    init(peers: Int, seed: UInt64, options: Options) throws(ConfigurationError)

    /// How many peers this peer sends to in that round, itself apart.
    func degree(of peer: PeerID, round: UInt64) -> Int

    /// The peer's out-neighbour number `index`, in 0..<degree; neighbours are in ascending order, none twice.
    func neighbour(_ index: Int, of peer: PeerID, round: UInt64) -> PeerID
}

/// A graph that was chosen by name. Encodes as the choice, and is built again from it.
public struct Graph: Sendable, Codable {
    public let name: String
    public let peers: Int
    public let seed: UInt64
    public let options: Options
    private let topology: any Topology

    /// Builds the graph of that name.
    public init(
        _ name: String, peers: Int, seed: UInt64 = 0, options: Options = Options()
    ) throws(ConfigurationError) {
        guard let type = Topologies.types.first(where: { $0.description.name == name }) else {
            throw ConfigurationError(
                key: "name", unknown("topology", name, known: Topologies.all.map(\.name)))
        }
        try options.refuseUnknown(besides: type.description.options)
        self.name = name
        self.peers = peers
        self.seed = seed
        self.options = options
        topology = try type.init(peers: peers, seed: seed, options: options)
    }

    public func degree(of peer: PeerID, round: UInt64 = 0) -> Int {
        topology.degree(of: peer, round: round)
    }

    public func neighbour(_ index: Int, of peer: PeerID, round: UInt64 = 0) -> PeerID {
        topology.neighbour(index, of: peer, round: round)
    }

    /// The peer's out-neighbours in that round, ascending.
    public func neighbours(of peer: PeerID, round: UInt64 = 0) -> [PeerID] {
        (0..<degree(of: peer, round: round)).map { neighbour($0, of: peer, round: round) }
    }

    private enum CodingKeys: CodingKey { case name, peers, seed, options }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            container.decode(String.self, forKey: .name),
            peers: container.decode(Int.self, forKey: .peers),
            seed: container.decode(UInt64.self, forKey: .seed),
            options: container.decode(Options.self, forKey: .options))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(peers, forKey: .peers)
        try container.encode(seed, forKey: .seed)
        try container.encode(options, forKey: .options)
    }
}

/// Every graph there is. A new one adds its file and its line here.
public enum Topologies {
    static let types: [any Topology.Type] = [
        Complete.self,
        Ring.self,
    ]

    /// Names, summaries and options, for lists and the schema.
    public static let all: [Description] = types.map { $0.description }
}
