/// The neighbours of each peer of an undirected graph, ascending.
package struct AdjacencyLists: Sendable {
    package private(set) var neighbours: [[Int]]

    package init(peers: Int, edges: [(Int, Int)]) {
        neighbours = Array(repeating: [], count: peers)
        for (one, other) in edges {
            neighbours[one].append(other)
            neighbours[other].append(one)
        }
        for peer in neighbours.indices { neighbours[peer].sort() }
    }

    /// Whether a path leads from each peer to each other.
    package var isConnected: Bool {
        firstUnreached(neighbours.count) { neighbours[$0] } == nil
    }
}
