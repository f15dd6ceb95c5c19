import Configuration
import Foundation
import Testing

@testable import Gossip
@testable import Graphs

private func graph(
    _ name: String, _ peers: Int, seed: UInt64 = 1, _ options: [String: OptionValue] = [:]
) throws -> Graph {
    let rule = ["mixing": OptionValue.text("random-doubly-stochastic")]
    return try Graph(name, peers: peers, seed: seed, options: Options(options.merging(rule) { given, _ in given }))
}

/// The rows of a plain matrix, without its zeros.
private func rows(_ matrix: [[Double]]) -> [[MixingWeight]] {
    matrix.map { row in
        row.enumerated().filter { $0.element > 0 }.map { MixingWeight(peer: PeerID($0.offset), weight: $0.element) }
    }
}

@Suite struct SinkhornKnoppTests {
    @Test(arguments: [
        "complete", "ring", "star", "chain", "torus", "dumbbell", "erdos-renyi", "directed-ring", "exponential",
        "one-peer-exponential", "periodic",
    ])
    func rowsAndColumnsSumToOne(name: String) throws {
        for peers in [1, 2, 3, 6, 8, 17, 64] {
            guard let graph = try? graph(name, peers) else {
                #expect(name == "torus")
                continue
            }
            let matrix = MixingMatrix(graph)
            for round in 0..<matrix.period {
                let dense = matrix.dense(round: round)
                for peer in 0..<peers {
                    #expect(abs(dense[peer].reduce(0, +) - 1) <= 1e-12)
                    #expect(abs(dense.reduce(0) { $0 + $1[peer] } - 1) <= 1e-12)
                    let heard = (graph.senders(to: PeerID(peer), round: round).map(\.rawValue) + [peer]).sorted()
                    #expect(dense[peer].indices.filter { dense[peer][$0] > 0 } == heard)
                }
            }
            #expect(matrix.isDoublyStochastic && matrix.isConnected && matrix.hasPositiveDiagonal)
        }
    }

    /// Of two by two the scaled matrix is known: its diagonal is a = sqrt(w00 w11) / (sqrt(w00 w11) + sqrt(w01 w10)).
    @Test func twoByTwoByItsFormula() throws {
        let scaled = try #require(SinkhornKnopp.scaled(rows([[1, 2], [3, 8]])))
        let (same, other) = (8.0.squareRoot(), 6.0.squareRoot())
        for (peer, row) in scaled.enumerated() {
            #expect(abs(row[peer].weight - same / (same + other)) < 1e-12)
            #expect(abs(row[1 - peer].weight - other / (same + other)) < 1e-12)
        }
    }

    /// Scaling rows and columns keeps w_ij w_kl / (w_il w_kj), which with the sums settles the matrix.
    @Test func crossRatiosAreThoseOfTheDraw() throws {
        let weights = RandomWeights(seed: 9, round: 0)
        let peers = (0..<5).map { PeerID($0) }
        let drawn = peers.map { peer in weights.drawn(for: peer, hearing: peers.filter { $0 != peer }) }
        let scaled = MixingMatrix(try graph("complete", 5, seed: 9)).dense()
        for (i, k) in [(0, 1), (2, 4), (3, 0)] {
            for (j, l) in [(0, 1), (1, 3), (4, 2)] {
                func ratio(_ weight: (Int, Int) -> Double) -> Double {
                    weight(i, j) * weight(k, l) / (weight(i, l) * weight(k, j))
                }
                #expect(abs(ratio { scaled[$0][$1] } / ratio { drawn[$0][$1].weight } - 1) < 1e-9)
            }
        }
    }

    @Test func theSeedIsTheMatrix() throws {
        let one = MixingMatrix(try graph("exponential", 9, seed: 2)).dense()
        #expect(MixingMatrix(try graph("exponential", 9, seed: 2)).dense() == one)
        #expect(MixingMatrix(try graph("exponential", 9, seed: 3)).dense() != one)
        #expect(!MixingMatrix(try graph("ring", 6)).isSymmetric)
    }

    /// Permutations in disguise: what must vanish does so ever more slowly, and what has no diagonal never settles.
    @Test(arguments: [
        [[1, 1], [0, 1]], [[1, 0], [1, 0]], [[1, 1, 1], [1, 0, 0], [1, 0, 0]], [[1, 1, 0], [0, 1, 1], [0, 0, 1]],
    ])
    func withoutTotalSupportNothingSettles(matrix: [[Double]]) {
        #expect(SinkhornKnopp.scaled(rows(matrix)) == nil)
    }

    @Test func anEdgeWithoutAWayBackIsRefused() {
        let graphs = OptionValue.list([.list([edge(0, 1), edge(1, 2), edge(2, 0)]), .list([edge(2, 1)])])
        #expect(
            throws: ConfigurationError(
                key: "mixing",
                "random-doubly-stochastic needs every edge on a directed circle, and in topology 'periodic' in round 1 "
                    + "no path leads back from peer 1 to peer 2, which sends to it; add one, or choose "
                    + "random-row-stochastic")
        ) { try graph("periodic", 3, ["graphs": graphs, "directed": .boolean(true)]) }
    }

    @Test func whatWouldTakeTooLongIsRefused() {
        #expect(
            throws: ConfigurationError(
                key: "mixing",
                "the weights of 5000 peers are not scaled to be doubly stochastic in any useful time in topology "
                    + "'complete'; take fewer peers, or choose metropolis")
        ) { try graph("complete", 5000) }
    }

    @Test func symmetryIsNotPromised() throws {
        let ring = MixingMatrix(try graph("ring", 5))
        #expect(throws: ConfigurationError.self) { try ring.require(.symmetric, by: "d2") }
        #expect(throws: Never.self) { try ring.require(.doublyStochastic, by: "dpsgd") }
    }

    /// A directed ring has one answer, which is computed: scaling comes to the same, in as many passes as the square of
    /// the number of peers. The product of the own weights over that of the edges stays as it was drawn.
    @Test func aDirectedRingHasOneAnswer() throws {
        for peers in [3, 5, 1_000] {
            let matrix = MixingMatrix(try graph("directed-ring", peers))
            let edge = matrix.row(of: 0).first { $0.peer != 0 }?.weight ?? 0
            #expect((0.1..<0.9).contains(edge) && matrix.isDoublyStochastic)
            let weights = RandomWeights(seed: 1, round: 0)
            var logarithm = 0.0
            for peer in (0..<peers).map({ PeerID($0) }) {
                let sender = PeerID((peer.rawValue + peers - 1) % peers)
                let drawn = weights.drawn(for: peer, hearing: [sender])
                for item in drawn { logarithm += (item.peer == peer ? 1 : -1) * log(item.weight) }
                #expect(matrix.row(of: peer).first { $0.peer == sender }?.weight == edge)
            }
            #expect(abs(logarithm / Double(peers) - log((1 - edge) / edge)) < 1e-12)
        }
    }

    /// Graphs that would take minutes or gigabytes are judged before they are built.
    @Test func theHugeAreRefusedAtOnce() throws {
        func complaint(_ make: () throws -> Void) -> String {
            do {
                try make()
                return ""
            } catch { return "\(error)" }
        }
        let regular = complaint {
            _ = try Graph("random-regular", peers: 100_000, options: Options(["degree": .integer(9_999)]))
        }
        #expect(regular.contains("100000 peers with 9999 neighbours each has 499950000 edges"))
        #expect(
            complaint { _ = try Graph("base-k", peers: 1_000_000) }.contains("more weights than are made in seconds"))
        let bipartite = complaint {
            try MixingMatrix(Graph("bipartite", peers: 1_000_000)).require(.doublyStochastic, by: "dpsgd")
        }
        #expect(bipartite.contains("topology 'bipartite' of 1000000 peers has more than 200 million weights"))
    }
}
