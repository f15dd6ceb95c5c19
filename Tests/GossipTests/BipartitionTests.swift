import Configuration
import Testing

@testable import Gossip
@testable import Graphs

@Suite struct BipartitionTests {
    /// Every edge of a bipartite graph, of any round, joins the two sides.
    @Test(arguments: [
        ("ring", 2), ("ring", 8), ("chain", 5), ("star", 7), ("hypercube", 8), ("torus", 16), ("directed-ring", 6),
        ("complete", 1), ("complete", 2), ("one-peer-exponential", 2),
    ])
    func edgesJoinTheSides(name: String, peers: Int) throws {
        let graph = try Graph(name, peers: peers)
        #expect(MixingMatrix(graph).has(.bipartite))
        #expect(graph.isOnFirstSide(0) == true)
        for peer in (0..<peers).map({ PeerID($0) }) {
            for round in 0..<graph.period {
                for other in graph.neighbours(of: peer, round: round) {
                    #expect(graph.isOnFirstSide(peer) != graph.isOnFirstSide(other))
                }
            }
        }
    }

    @Test(arguments: [("ring", 3), ("ring", 7), ("complete", 4), ("exponential", 8), ("one-peer-exponential", 8)])
    func anOddCycleIsFound(name: String, peers: Int) throws {
        let graph = try Graph(name, peers: peers)
        #expect(graph.isOnFirstSide(0) == nil)
        let error = try #require(throws: ConfigurationError.self) {
            try MixingMatrix(graph).require(.bipartite, by: "adpsgd")
        }
        #expect(error.message.contains("closes a circle of an odd number of peers; choose a topology such as star"))
    }

    /// What is left of a graph without some of its peers.
    @Test func connectionAmongSome() throws {
        let ring = try Graph("ring", peers: 6)
        #expect(ring.isConnected(among: [0, 1, 2, 3, 4]))
        #expect(!ring.isConnected(among: [0, 1, 3, 4]))
        #expect(ring.isConnected(among: [3]))
        #expect(ring.isConnected(among: []))
        let directed = try Graph("directed-ring", peers: 4)
        #expect(directed.isConnected(among: [0, 1, 2, 3]))
        #expect(!directed.isConnected(among: [0, 1, 2]))
        let exponential = try Graph("one-peer-exponential", peers: 4)
        #expect(exponential.isConnected(among: [0, 2, 3]))
    }
}
