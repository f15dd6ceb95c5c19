import Configuration
import Runtime
import Simulator
import Testing

@testable import Gossip
@testable import Graphs

@Suite struct RelaySGDTests {
    /// A tree has an edge less than peers, leads everywhere, and both ends of an edge know it.
    @Test(arguments: 1...17) func treesAreTrees(peers: Int) {
        let kinds: [(PeerID) -> RelayTree] = [
            { .chain($0, of: peers) }, { .binary($0, of: peers) }, { .binary($0, of: peers, isMirrored: true) },
        ]
        for tree in kinds {
            let neighbours = (0..<peers).map { tree(PeerID($0)).neighbours }
            #expect(neighbours.joined().count == 2 * (peers - 1))
            #expect(
                neighbours.enumerated().allSatisfy { peer, others in
                    others.allSatisfy { neighbours[$0.rawValue].contains(PeerID(peer)) }
                })
            #expect(firstUnreached(peers) { neighbours[$0].map(\.rawValue) } == nil)
        }
    }

    /// Who is a leaf in one of the two trees is none in the other, but for one peer at the most.
    @Test(arguments: [4, 8, 15, 16]) func workIsShared(peers: Int) {
        let leaves = (0..<peers).filter { peer in
            [false, true].allSatisfy {
                RelayTree.binary(PeerID(peer), of: peers, isMirrored: $0).neighbours.count == 1
            }
        }
        #expect(leaves.count <= 1)
    }

    /// A message for each end of each edge and round; two trees carry a half each.
    @Test func whatIsSent() throws {
        func sent(_ tree: String) throws -> (messages: Int, bytes: Int) {
            var run = EveryAlgorithmTests.run("relaysgd", "ring")
            run.options = Options(["tree": .text(tree)])
            run.steps = 5
            let simulation = try run.run(targets: (0..<6).map { [Float]((0..<8).map { Float($0) }) + [Float($0)] })
            let statistics = (0..<6).map { simulation.statistics(of: PeerID($0)) }
            for peer in 0..<6 { #expect(simulation.heldPayloadCount(of: PeerID(peer)) == 0) }
            return (statistics.map(\.messagesSent).reduce(0, +), statistics.map(\.bytesSent).reduce(0, +))
        }
        for tree in ["chain", "binary"] { #expect(try sent(tree) == (5 * 10, 5 * 10 * 36)) }
        #expect(try sent("double-binary") == (5 * 20, 5 * 10 * 36))
    }
}
