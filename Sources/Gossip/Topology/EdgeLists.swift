/// The neighbours of each peer of an undirected graph, ascending.
struct EdgeLists: Sendable {
    private(set) var neighbours: [[Int]]

    init(peers: Int, edges: [(Int, Int)]) {
        neighbours = Array(repeating: [], count: peers)
        for (one, other) in edges {
            neighbours[one].append(other)
            neighbours[other].append(one)
        }
        for peer in neighbours.indices { neighbours[peer].sort() }
    }

    /// Whether a path leads from each peer to each other.
    var isConnected: Bool {
        firstUnreached(neighbours.count) { neighbours[$0] } == nil
    }
}
