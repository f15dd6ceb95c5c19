import Configuration
import Gossip
import Graphs
import Testing

@Suite struct BaseKTests {
    private func matrix(_ peers: Int, _ degree: Int) throws -> MixingMatrix {
        MixingMatrix(try Graph("base-k", peers: peers, options: Options(["degree": .integer(degree)])))
    }

    /// After a period everybody holds the exact average, with never more neighbours than allowed.
    @Test(arguments: 1...40, [1, 2, 3, 4, 7]) func aPeriodAveragesExactly(peers: Int, degree: Int) throws {
        let matrix = try matrix(peers, degree)
        var values = (0..<peers).map { one in (0..<peers).map { $0 == one ? 1.0 : 0 } }
        for round in 0..<matrix.period {
            let dense = matrix.dense(round: round)
            values = dense.map { row in
                (0..<peers).map { column in (0..<peers).reduce(0) { $0 + row[$1] * values[$1][column] } }
            }
            for peer in 0..<peers { #expect(matrix.receivers(of: PeerID(peer), round: round).count <= degree) }
        }
        for row in values { for value in row { #expect(abs(value - 1 / Double(peers)) < 1e-9) } }
        #expect(matrix.isSymmetric && matrix.isDoublyStochastic && matrix.isConnected)
    }

    /// docs/oracles.md, "Periods of the base-(k+1) graphs": they came of running the published construction.
    @Test(arguments: [
        (1, 2, 1), (1, 3, 3), (1, 5, 5), (1, 6, 4), (1, 7, 5), (1, 8, 3), (1, 9, 7), (1, 12, 5), (1, 16, 4), (1, 25, 9),
        (2, 3, 1), (2, 5, 3), (2, 6, 2), (2, 7, 4), (2, 8, 3), (2, 9, 2), (2, 12, 3), (2, 16, 4), (2, 25, 6),
    ])
    func periodsAreThePublishedOnes(degree: Int, peers: Int, period: UInt64) throws {
        #expect(try matrix(peers, degree).period == period)
    }

    /// The examples there, edge for edge.
    @Test func theExamples() throws {
        func edges(_ peers: Int) throws -> [[String]] {
            let matrix = try matrix(peers, 1)
            return (0..<matrix.period).map { round in
                (0..<peers).flatMap { peer in
                    matrix.row(of: PeerID(peer), round: round).filter { $0.peer.rawValue > peer }
                        .map { "\(peer)-\($0.peer) \(($0.weight * 1e4).rounded() / 1e4)" }
                }
            }
        }
        #expect(
            try edges(5) == [
                ["0-1 0.5", "2-3 0.5"], ["0-2 0.5", "1-3 0.5"], ["0-1 0.5", "3-4 0.8"], ["0-1 0.5", "2-3 0.5"],
                ["0-2 0.5", "1-3 0.5"],
            ])
        #expect(
            try edges(6) == [
                ["0-1 0.5", "3-4 0.5"], ["1-2 0.6667", "4-5 0.6667"], ["0-1 0.5", "3-4 0.5"],
                ["0-3 0.5", "1-4 0.5", "2-5 0.5"],
            ])
    }
}
