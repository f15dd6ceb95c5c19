import Configuration
import Gossip
import Graphs
import Testing

/// Graphs that are drawn once: trees, two sides, a dumbbell, a house, a small world.
@Suite struct NamedGraphTests {
    private func neighbours(_ name: String, _ peers: Int, _ options: [String: OptionValue] = [:]) throws -> [[Int]] {
        let graph = try Graph(name, peers: peers, seed: 5, options: Options(options))
        return (0..<peers).map { graph.neighbours(of: PeerID($0)).map(\.rawValue) }
    }

    @Test func trees() throws {
        #expect(try neighbours("binary-tree", 6) == [[1, 2], [0, 3, 4], [0, 5], [1], [1], [2]])
        // The mirror image has 5 at the root, 4 and 3 below it, and below those 2, 1 and 0.
        #expect(
            try neighbours("double-binary-tree", 6) == [
                [1, 2, 3], [0, 3, 4], [0, 4, 5], [0, 1, 5], [1, 2, 5], [2, 3, 4],
            ])
    }

    @Test func sidesAndHalves() throws {
        #expect(try neighbours("bipartite", 5) == [[1, 3], [0, 2, 4], [1, 3], [0, 2, 4], [1, 3]])
        #expect(try neighbours("dumbbell", 6) == [[1, 2], [0, 2], [0, 1, 3], [2, 4, 5], [3, 5], [3, 4]])
        #expect(try neighbours("dumbbell", 5) == [[1, 2], [0, 2], [0, 1, 3], [2, 4], [3]])
        #expect(try neighbours("dumbbell", 2) == [[1], [0]])
    }

    @Test func aHouseHasFivePeers() throws {
        #expect(try neighbours("house", 5) == [[1, 2], [0, 3], [0, 3, 4], [1, 2, 4], [2, 3]])
        let error = try #require(throws: ConfigurationError.self) { try Graph("house", peers: 6) }
        #expect(error.message.contains("set peers: 5"))
    }

    /// Without a chance the ring of near neighbours; with one, as many edges, some of them elsewhere, and the same for
    /// the same seed.
    @Test func aSmallWorld() throws {
        let lattice = try neighbours("small-world", 20, ["rewiring": .integer(0)])
        #expect(lattice[0] == [1, 2, 18, 19] && lattice[10] == [8, 9, 11, 12])
        let world = try neighbours("small-world", 200, ["rewiring": .number(0.2), "degree": .integer(6)])
        #expect(world.joined().count == 200 * 6)
        let near = world.enumerated().reduce(0) { sum, item in
            sum + item.element.filter { min(abs($0 - item.offset), 200 - abs($0 - item.offset)) <= 3 }.count
        }
        #expect((900...1080).contains(near))
        #expect(try neighbours("small-world", 200, ["rewiring": .number(0.2), "degree": .integer(6)]) == world)
        // Too few peers for the degree are as near as they can be.
        #expect(try neighbours("small-world", 3) == [[1, 2], [0, 2], [0, 1]])
        #expect(try neighbours("small-world", 2) == [[1], [0]])
    }

    @Test(arguments: ["binary-tree", "bipartite"]) func theseHaveTwoSides(name: String) throws {
        for peers in [2, 5, 8] {
            let graph = try Graph(name, peers: peers)
            #expect(throws: Never.self) { try MixingMatrix(graph).require(.bipartite, by: "adpsgd") }
        }
    }
}
