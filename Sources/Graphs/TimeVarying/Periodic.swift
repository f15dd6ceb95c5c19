public import Configuration

/// Graphs that follow each other in a cycle, round k being graph k mod their number: given edge for edge, or as mixing
/// matrices. All of them together must be strongly connected, and none alone need be (B-strong connectivity, B being
/// the number of graphs).
///
/// Citation: A. Nedić, A. Olshevsky, Distributed optimization over time-varying directed graphs, IEEE Transactions on
/// Automatic Control 60, 2015, for the condition.
public struct Periodic: Topology {
    package static let graphs = Option.matrices(
        "graphs",
        "lists of edges [sender, receiver], a list a round; null: a ring's edges, a peer's two in different rounds")
    package static let matrix = Option.matrices(
        "matrix", "instead of graphs: their mixing matrices, W[i][j] being receiver i's weight on sender j")
    package static let directed = Option.boolean(
        "directed", default: false, "whether an edge of graphs goes from the first to the second peer only")

    public static let description = Description(
        name: "periodic", summary: "graphs or matrices in a cycle, connected all together",
        options: [graphs.description, matrix.description, directed.description, MixingRule.option().description])
    public static let isDirected = true

    public let isDirected: Bool
    private let cycle: Cycle

    private enum Cycle: Sendable {
        case matrices(Custom)
        /// For each round whom each peer sends to and whom it hears, ascending.
        case graphs(receivers: [[[Int]]], senders: [[[Int]]])
    }

    public init(peers: Int, seed: UInt64, options: Options) throws(ConfigurationError) {
        let isGivenDirected = try options.value(Self.directed)
        let graphs = try options.value(Self.graphs)
        if try options.value(Self.matrix) != nil {
            guard graphs == nil else {
                throw ConfigurationError(
                    key: "graphs", "graphs come with mixing matrices of their own; give graphs or matrix, not both")
            }
            cycle = .matrices(try Custom(peers: peers, seed: seed, options: options))
            isDirected = true
        } else {
            cycle = try Self.cycle(graphs ?? Self.alternatingRing(peers), peers, isGivenDirected)
            isDirected = isGivenDirected
        }
        try refuseUnconnected(peers)
    }

    /// The edges of a ring such that no peer has two in a round: the even ones, the odd ones, and the last one of an
    /// odd number in a round of its own.
    private static func alternatingRing(_ peers: Int) -> [[[Double]]] {
        let edges = (0..<(peers == 2 ? 1 : peers == 1 ? 0 : peers)).map { [Double($0), Double(($0 + 1) % peers)] }
        let isOdd = !peers.isMultiple(of: 2)
        let rounds = (0..<(isOdd ? 3 : 2)).map { round in
            edges.indices.filter { (isOdd && $0 == peers - 1 ? 2 : $0 % 2) == round }.map { edges[$0] }
        }
        return peers <= 2 ? [edges] : rounds
    }

    private static func cycle(
        _ graphs: [[[Double]]], _ peers: Int, _ isDirected: Bool
    ) throws(ConfigurationError) -> Cycle {
        guard !graphs.isEmpty else {
            throw ConfigurationError(key: "graphs", "there is no graph; give a list of edges for each round")
        }
        var receivers: [[[Int]]] = []
        var senders: [[[Int]]] = []
        for (round, edges) in graphs.enumerated() {
            var to = [Set<Int>](repeating: [], count: peers)
            var from = to
            for edge in edges {
                let ends = edge.compactMap { Int(exactly: $0) }.filter { (0..<peers).contains($0) }
                guard edge.count == 2, ends.count == 2, ends[0] != ends[1] else {
                    throw ConfigurationError(
                        key: "graphs",
                        "\(OptionValue.list(edge.map(written)).written) in graph \(round) is no edge; give two "
                            + "different peers from 0 to \(peers - 1)")
                }
                for (one, other) in [(ends[0], ends[1])] + (isDirected ? [] : [(ends[1], ends[0])]) {
                    to[one].insert(other)
                    from[other].insert(one)
                }
            }
            receivers.append(to.map { $0.sorted() })
            senders.append(from.map { $0.sorted() })
        }
        return .graphs(receivers: receivers, senders: senders)
    }

    private static func written(_ number: Double) -> OptionValue {
        Int(exactly: number).map(OptionValue.integer) ?? .number(number)
    }

    private func refuseUnconnected(_ peers: Int) throws(ConfigurationError) {
        let rounds = 0..<period
        func receivers(_ peer: Int) -> [Int] {
            rounds.flatMap { neighbours(of: PeerID(peer), round: $0).map(\.rawValue) }
        }
        func senders(_ peer: Int) -> [Int] {
            rounds.flatMap { self.senders(to: PeerID(peer), round: $0).map(\.rawValue) }
        }
        func refusal(_ from: Int, _ to: Int) -> ConfigurationError {
            var key = "graphs"
            if case .matrices = cycle { key = "matrix" }
            let (all, one) =
                period == 1
                ? ("the graph is", "it") : ("all \(period) rounds together are", "one of them")
            return ConfigurationError(
                key: key,
                "\(all) not strongly connected: no path leads from peer \(from) to peer \(to); add an edge on such a "
                    + "path to \(one)")
        }
        if let peer = firstUnreached(peers, next: receivers) { throw refusal(0, peer) }
        if let peer = firstUnreached(peers, next: senders) { throw refusal(peer, 0) }
    }

    public var period: UInt64 {
        switch cycle {
        case .matrices(let custom): custom.period
        case .graphs(let receivers, _): UInt64(receivers.count)
        }
    }

    public func degree(of peer: PeerID, round: UInt64) -> Int { neighbours(of: peer, round: round).count }

    public func neighbour(_ index: Int, of peer: PeerID, round: UInt64) -> PeerID {
        neighbours(of: peer, round: round)[index]
    }

    public func neighbours(of peer: PeerID, round: UInt64) -> [PeerID] {
        switch cycle {
        case .matrices(let custom): custom.neighbours(of: peer, round: round)
        case .graphs(let receivers, _): receivers[Int(round % period)][peer.rawValue].map { PeerID($0) }
        }
    }

    public func senders(to peer: PeerID, round: UInt64) -> [PeerID] {
        switch cycle {
        case .matrices(let custom): custom.senders(to: peer, round: round)
        case .graphs(_, let senders): senders[Int(round % period)][peer.rawValue].map { PeerID($0) }
        }
    }

    public func weights(of receiver: PeerID, round: UInt64) -> [MixingWeight]? {
        if case .matrices(let custom) = cycle { custom.weights(of: receiver, round: round) } else { nil }
    }
}
