public import Configuration

/// A graph that was chosen by name, with the rule for its mixing weights. Encodes as the choice, and is built again
/// from it.
public struct Graph: Sendable, Codable {
    public let name: String
    /// How many peers it joins: those with the numbers from 0.
    public let peers: Int
    /// What the draws of random graphs and weights depend on.
    public let seed: UInt64
    /// The options that its topology and the rule for its weights were given.
    public let options: Options
    /// How peers weigh each other; nil where the graph was given by its weights.
    public let rule: MixingRule?
    /// The weight of an edge under the rules that give all edges the same, else nil.
    package let edgeWeight: Double?
    /// For each round the weights of each receiver under the rule that makes them of all edges together, else nil.
    package let scaledRows: [[[MixingWeight]]]?
    package let topology: any Topology
    /// What was found out about the graph, once for all copies.
    package let properties = GraphProperties()

    /// Builds the graph of that name.
    public init(
        _ name: String, peers: Int, seed: UInt64 = 0, options: Options = Options()
    ) throws(ConfigurationError) {
        let type = try Topologies.registry.make(name, options)
        precondition(peers > 0, "a graph of \(peers) peers")
        self.name = name
        self.peers = peers
        self.seed = seed
        self.options = options
        topology = try type.init(peers: peers, seed: seed, options: options)
        rule = try MixingRule.chosen(for: topology, options)
        edgeWeight = rule?.edgeWeight(topology, peers: peers)
        scaledRows =
            rule == .randomDoublyStochastic
            ? try SinkhornKnopp.rows(of: topology, named: name, peers: peers, seed: seed) : nil
    }

    /// Whether some peer may hear another and not be heard by it.
    public var isDirected: Bool { topology.isDirected }

    /// Whether in some round a peer sends to another that does not send to it.
    package var hasOneWayEdges: Bool {
        guard isDirected else { return false }
        return (0..<period).contains { round in
            (0..<peers).contains { peer in
                neighbours(of: PeerID(peer), round: round) != senders(to: PeerID(peer), round: round)
            }
        }
    }

    /// Rounds after which the graph repeats; 1 when it stays the same.
    public var period: UInt64 { topology.period }

    /// Peers in a row, where they stand in a grid.
    package var columns: Int? { topology.columnCount }

    /// How many peers this peer sends to in that round, itself apart.
    public func degree(of peer: PeerID, round: UInt64 = 0) -> Int {
        topology.degree(of: peer, round: round)
    }

    public func neighbour(_ index: Int, of peer: PeerID, round: UInt64 = 0) -> PeerID {
        topology.neighbour(index, of: peer, round: round)
    }

    /// Whom the peer sends to in that round, ascending, itself apart.
    public func neighbours(of peer: PeerID, round: UInt64 = 0) -> [PeerID] {
        topology.neighbours(of: peer, round: round)
    }

    /// Who sends to the peer in that round, ascending, itself apart. The same as its neighbours in an undirected graph.
    public func senders(to peer: PeerID, round: UInt64 = 0) -> [PeerID] {
        topology.senders(to: peer, round: round)
    }

    private enum CodingKeys: CodingKey { case name, peers, seed, options }

    /// Builds the graph that was saved. Where the decoder knows the graph of the run that is to go on, it must be that
    /// one, which is then shared and not built again.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let name = try container.decode(String.self, forKey: .name)
        let peers = try container.decode(Int.self, forKey: .peers)
        let seed = try container.decode(UInt64.self, forKey: .seed)
        let options = try container.decode(Options.self, forKey: .options)
        guard let graph = decoder.userInfo[.graph] as? Graph else {
            guard peers > 0 else {
                throw DecodingError.dataCorruptedError(
                    forKey: .peers, in: container, debugDescription: "a graph of \(peers) peers")
            }
            try self.init(name, peers: peers, seed: seed, options: options)
            return
        }
        guard graph.name == name, graph.peers == peers, graph.seed == seed, graph.options == options else {
            throw DecodingError.dataCorruptedError(
                forKey: .name, in: container, debugDescription: "not the graph of this run")
        }
        self = graph
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(peers, forKey: .peers)
        try container.encode(seed, forKey: .seed)
        try container.encode(options, forKey: .options)
    }
}

extension CodingUserInfoKey {
    /// The graph of the run that is to go on (`Graph`).
    public static let graph: CodingUserInfoKey = {
        guard let key = CodingUserInfoKey(rawValue: "graph") else { preconditionFailure("'graph' is no key") }
        return key
    }()
}
