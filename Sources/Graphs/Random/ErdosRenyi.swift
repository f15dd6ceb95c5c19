public import Configuration
import Randomness

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Each pair of peers has an edge with the same probability, drawn from the seed (the graph G(n, p)). A graph that is
/// not connected is drawn again, up to a hundred times, then refused.
///
/// Citation: P. Erdős, A. Rényi, On random graphs I, Publicationes Mathematicae 6, 1959; E. N. Gilbert, Random graphs,
/// Annals of Mathematical Statistics 30, 1959.
public struct ErdosRenyi: ListedTopology {
    package static let probability = Option.optionalNumber(
        "probability", in: 0...1,
        "chance that two peers are neighbours (p); null: 2 ln(peers) / peers, twice where graphs become connected")

    public static let description = Description(
        name: "erdos-renyi", summary: "every pair is an edge by chance; drawn again until connected",
        options: [probability.description, MixingRule.option().description])

    private let lists: AdjacencyLists

    private static let draws = 100

    public init(peers: Int, seed: UInt64, options: Options) throws(ConfigurationError) {
        let threshold = peers == 1 ? 1 : log(Double(peers)) / Double(peers)
        let probability = try options.value(Self.probability) ?? min(2 * threshold, 1)
        let connected = (0..<Self.draws).lazy.map { draw in
            var random = RandomStream(seed: seed, purpose: .topology, round: UInt64(draw))
            return AdjacencyLists(peers: peers, edges: Self.edges(peers, probability, &random))
        }.first(where: \.isConnected)
        guard let connected else {
            throw ConfigurationError(
                key: "probability",
                "none of \(Self.draws) graphs of \(peers) peers drawn with probability \(probability) was connected; "
                    + "take one well above ln(\(peers)) / \(peers) = \(Self.rounded(threshold))")
        }
        lists = connected
    }

    package func neighbours(of peer: Int, round: UInt64) -> [Int] { lists.neighbours[peer] }

    /// Goes from edge to edge rather than from pair to pair (V. Batagelj, U. Brandes, Efficient generation of large
    /// random networks, Physical Review E 71, 2005).
    private static func edges(_ peers: Int, _ probability: Double, _ random: inout RandomStream) -> [(Int, Int)] {
        guard probability > 0 else { return [] }
        let rate = log1p(-probability)
        var edges: [(Int, Int)] = []
        var (one, other) = (1, -1)
        while one < peers {
            let skipped = log1p(-random.uniform()) / rate
            other += 1 + Int(min(skipped, Double(peers) * Double(peers)))
            while other >= one, one < peers {
                other -= one
                one += 1
            }
            if one < peers { edges.append((one, other)) }
        }
        return edges
    }

    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded(.up) / 1000 }
}
