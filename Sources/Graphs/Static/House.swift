public import Configuration

/// Five peers as a child draws a house: a square 0-1-3-2 with the roof 2-4-3 on it.
public struct House: ListedTopology {
    public static let description = Description(
        name: "house", summary: "five peers: a square with a roof", options: [MixingRule.option().description])

    private static let lists = AdjacencyLists(peers: 5, edges: [(0, 1), (0, 2), (1, 3), (2, 3), (2, 4), (3, 4)])

    public init(peers: Int, seed: UInt64, options: Options) throws(ConfigurationError) {
        guard peers == 5 else {
            throw ConfigurationError(
                key: nil, "a house has five peers, not \(peers); set peers: 5, or take another topology, such as ring")
        }
    }

    package func neighbours(of peer: Int, round: UInt64) -> [Int] { Self.lists.neighbours[peer] }
}
