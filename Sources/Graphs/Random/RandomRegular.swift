public import Configuration
import Randomness

/// A connected graph, drawn from the seed, in which every peer has the same number of neighbours.
///
/// Begins with a circle of randomly numbered peers, each joined to the nearest ones, and exchanges the ends of two
/// random edges many times, which keeps every degree; a graph that came out unconnected is stirred further. Of degree
/// two there is but the circle.
///
/// Citation: B. D. McKay, N. C. Wormald, Uniform generation of random regular graphs of moderate degree, Journal of
/// Algorithms 11, 1990, for the exchange; C. Cooper, M. Dyer, C. Greenhill, Sampling regular graphs and a peer-to-peer
/// network, Combinatorics, Probability and Computing 16, 2007, for the chain of exchanges.
public struct RandomRegular: ListedTopology {
    package static let degree = Option.optionalInteger(
        "degree", in: 1...1_000_000, "neighbours of each peer; null: 3, or 4 where the number of peers is odd")

    public static let description = Description(
        name: "random-regular", summary: "a random connected graph, the same number of neighbours each",
        options: [degree.description, MixingRule.option().description])

    private let lists: AdjacencyLists

    /// Exchanges tried for each edge before the graph counts as stirred.
    private static let exchangesPerEdge = 20
    private static let stirs = 100
    /// What is stirred in some seconds.
    private static let edgeLimit = 2_000_000

    public init(peers: Int, seed: UInt64, options: Options) throws(ConfigurationError) {
        let given = try options.value(Self.degree)
        let degree = given ?? min(peers - 1, peers.isMultiple(of: 2) ? 3 : 4)
        guard degree < peers, (peers * degree).isMultiple(of: 2), degree > 1 || peers <= 2 else {
            throw ConfigurationError(key: "degree", Self.refusal(peers, degree))
        }
        guard peers * degree / 2 <= Self.edgeLimit else {
            throw ConfigurationError(
                key: "degree",
                "a random graph of \(peers) peers with \(degree) neighbours each has \(peers * degree / 2) edges, and "
                    + "stirring more than \(Self.edgeLimit) takes minutes; take a smaller degree or fewer peers")
        }
        var random = RandomStream(seed: seed, purpose: .topology)
        var edges = Self.cycle(random.permutation(of: peers), degree)
        var lists = AdjacencyLists(peers: peers, edges: edges)
        // Where everybody knows everybody, or a circle is all there is, nothing can be exchanged.
        if degree > 2, degree < peers - 1 {
            for _ in 0..<Self.stirs {
                Self.stir(&edges, peers, &random)
                lists = AdjacencyLists(peers: peers, edges: edges)
                if lists.isConnected { break }
            }
        }
        guard lists.isConnected else {
            throw ConfigurationError(
                key: "degree",
                "no connected graph of \(peers) peers came out of \(Self.stirs) draws; choose another seed")
        }
        self.lists = lists
    }

    package func neighbours(of peer: Int, round: UInt64) -> [Int] { lists.neighbours[peer] }

    private static func refusal(_ peers: Int, _ degree: Int) -> String {
        if peers == 1 { return "one peer has no neighbours; leave topology.degree out" }
        if degree >= peers {
            return "\(peers) peers have \(peers - 1) others each, not \(degree); choose a degree below \(peers)"
        }
        if degree == 1 { return "with one neighbour each, \(peers) peers fall into pairs; choose 2 or more" }
        return
            "\(peers) peers with \(degree) neighbours each would need half an edge; choose an even degree or an even "
            + "number of peers"
    }

    /// Each peer with the `degree / 2` before and behind it, and with the opposite one where the degree is odd.
    private static func cycle(_ order: [Int], _ degree: Int) -> [(Int, Int)] {
        let peers = order.count
        var edges: [(Int, Int)] = []
        for (place, peer) in order.enumerated() {
            for hop in 0..<(degree / 2) { edges.append((peer, order[(place + hop + 1) % peers])) }
            if !degree.isMultiple(of: 2), place < peers / 2 { edges.append((peer, order[place + peers / 2])) }
        }
        return edges
    }

    /// Makes of two edges a-b and c-d the edges a-d and c-b, unless there is such an edge already.
    private static func stir(_ edges: inout [(Int, Int)], _ peers: Int, _ random: inout RandomStream) {
        var present = Set(edges.map { key($0.0, $0.1, peers) })
        for _ in 0..<(exchangesPerEdge * edges.count) {
            let (first, second) = (random.integer(below: edges.count), random.integer(below: edges.count))
            let (a, b) = edges[first]
            let (c, d) = random.bernoulli(0.5) ? edges[second] : (edges[second].1, edges[second].0)
            guard first != second, a != d, c != b else { continue }
            let (one, other) = (key(a, d, peers), key(c, b, peers))
            guard one != other, !present.contains(one), !present.contains(other) else { continue }
            present.subtract([key(a, b, peers), key(c, d, peers)])
            present.formUnion([one, other])
            edges[first] = (a, d)
            edges[second] = (c, b)
        }
    }

    private static func key(_ one: Int, _ other: Int, _ peers: Int) -> Int {
        min(one, other) * peers + max(one, other)
    }
}
