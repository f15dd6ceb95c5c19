import Configuration
import Foundation
import Gossip
import Testing

@Suite struct TopologyTests {
    @Test(arguments: Topologies.all.map(\.name), [1, 2, 3, 4, 5, 8, 13])
    func neighboursAreOthersAscendingAndMutual(name: String, peers: Int) throws {
        let graph = try Graph(name, peers: peers)
        for peer in (0..<peers).map({ PeerID($0) }) {
            let neighbours = graph.neighbours(of: peer)
            #expect(neighbours == Set(neighbours).sorted())
            #expect(!neighbours.contains(peer))
            for other in neighbours { #expect(graph.neighbours(of: other).contains(peer)) }
        }
    }

    @Test func aRingOfFiveAndACompleteGraphOfThree() throws {
        #expect(try Graph("ring", peers: 5).neighbours(of: 0) == [1, 4])
        #expect(try Graph("ring", peers: 5).neighbours(of: 4) == [0, 3])
        #expect(try Graph("ring", peers: 2).neighbours(of: 0) == [1])
        #expect(try Graph("complete", peers: 3).neighbours(of: 1) == [0, 2])
    }

    @Test func anUnknownGraphMeetsTheNearestOne() {
        #expect(
            throws: ConfigurationError(key: "name", "unknown topology 'rign'; did you mean 'ring'?")
        ) {
            try Graph("rign", peers: 4)
        }
    }

    @Test func aGraphIsWrittenAsItsChoice() throws {
        let graph = try Graph("ring", peers: 7, seed: 3)
        let copy = try JSONDecoder().decode(Graph.self, from: JSONEncoder().encode(graph))
        #expect(copy.name == "ring" && copy.peers == 7 && copy.seed == 3)
        #expect(copy.neighbours(of: 3) == graph.neighbours(of: 3))
    }

    @Test func partsCoverAVectorInOrder() {
        for (length, count) in [(10, 3), (2, 4), (7, 7), (0, 2), (9, 1)] {
            let ranges = (0..<count).map { Part($0, of: count).range(in: length) }
            #expect(ranges.flatMap { Array($0) } == Array(0..<length))
            #expect((ranges.map(\.count).max() ?? 0) - (ranges.map(\.count).min() ?? 0) <= 1)
        }
    }
}
