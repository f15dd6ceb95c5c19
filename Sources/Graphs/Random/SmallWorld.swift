public import Configuration
import Randomness

/// A ring in which each peer knows the nearest on both sides, and some edges have been led elsewhere by chance. A graph
/// that falls apart is drawn again, up to a hundred times, then refused.
///
/// Citation: D. J. Watts, S. H. Strogatz, Collective dynamics of 'small-world' networks, Nature 393, 1998.
public struct SmallWorld: ListedTopology {
    package static let degree = Option.integer(
        "degree", default: 4, in: 2...1_000_000, "neighbours of each peer before edges are moved; odd ones round down")
    package static let rewiring = Option.number(
        "rewiring", default: 0.1, in: 0...1, "chance that an edge is led to a peer drawn uniformly (p)")

    public static let description = Description(
        name: "small-world", summary: "a ring of near neighbours with some edges led elsewhere",
        options: [degree.description, rewiring.description, MixingRule.option().description])

    private static let draws = 100

    private let lists: AdjacencyLists

    public init(peers: Int, seed: UInt64, options: Options) throws(ConfigurationError) {
        // A side has half of the others at the most; two peers have one edge.
        let reach = peers == 2 ? 1 : min(try options.value(Self.degree) / 2, (peers - 1) / 2)
        let chance = try options.value(Self.rewiring)
        let connected = (0..<Self.draws).lazy.map { draw in
            var random = RandomStream(seed: seed, purpose: .topology, round: UInt64(draw))
            return AdjacencyLists(peers: peers, edges: Self.edges(peers, reach, chance, &random))
        }.first(where: \.isConnected)
        guard let connected else {
            throw ConfigurationError(
                key: "rewiring",
                "none of \(Self.draws) graphs of \(peers) peers was connected; take a lower chance or a higher degree")
        }
        lists = connected
    }

    package func neighbours(of peer: Int, round: UInt64) -> [Int] { lists.neighbours[peer] }

    private static func edges(
        _ peers: Int, _ reach: Int, _ chance: Double, _ random: inout RandomStream
    ) -> [(Int, Int)] {
        var edges = Set<Edge>()
        for hop in 0..<reach {
            for peer in 0..<(peers == 2 ? 1 : peers) { edges.insert(Edge(peer, (peer + hop + 1) % peers)) }
        }
        for hop in 0..<reach {
            for peer in 0..<(peers == 2 ? 1 : peers) {
                let edge = Edge(peer, (peer + hop + 1) % peers)
                let isMoved = random.bernoulli(chance)
                let end = random.integer(below: peers)
                // An edge that would lead to its own end, or double another, stays.
                guard isMoved, end != peer, !edges.contains(Edge(peer, end)) else { continue }
                edges.remove(edge)
                edges.insert(Edge(peer, end))
            }
        }
        return edges.map { ($0.low, $0.high) }.sorted { $0 < $1 }
    }

    private struct Edge: Hashable {
        let low: Int
        let high: Int

        init(_ one: Int, _ other: Int) { (low, high) = (min(one, other), max(one, other)) }
    }
}
