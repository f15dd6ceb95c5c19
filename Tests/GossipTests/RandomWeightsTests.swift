import Configuration
import Testing

@testable import Gossip
@testable import Graphs

private func matrix(
    _ name: String, _ peers: Int, seed: UInt64 = 1, _ options: [String: OptionValue] = [:]
) throws -> MixingMatrix {
    let rule = ["mixing": OptionValue.text("random-row-stochastic")]
    return MixingMatrix(
        try Graph(name, peers: peers, seed: seed, options: Options(options.merging(rule) { given, _ in given })))
}

@Suite struct RandomWeightsTests {
    @Test(arguments: ["complete", "ring", "star", "directed-ring", "exponential", "one-peer-exponential", "periodic"])
    func rowsSumToOneOverTheGraphsEdges(name: String) throws {
        for peers in [1, 2, 3, 8, 17] {
            let matrix = try matrix(name, peers)
            for round in 0..<(matrix.period + 1) {
                for receiver in (0..<peers).map({ PeerID($0) }) {
                    let row = matrix.row(of: receiver, round: round)
                    let heard = (matrix.graph.senders(to: receiver, round: round) + [receiver]).sorted()
                    #expect(row.map(\.peer) == heard)
                    #expect(row.allSatisfy { $0.weight > 0 })
                    #expect(abs(row.reduce(0) { $0 + $1.weight } - 1) < 1e-15)
                    #expect(matrix.row(of: receiver, round: round + matrix.period) == row)
                }
            }
            #expect(matrix.isRowStochastic && matrix.isConnected && matrix.hasPositiveDiagonal)
            #expect(matrix.isColumnStochastic == (peers == 1) && matrix.isSymmetric == (peers == 1))
        }
    }

    @Test func theSeedIsTheMatrix() throws {
        let one = try matrix("ring", 6, seed: 5).dense()
        #expect(try matrix("ring", 6, seed: 5).dense() == one)
        #expect(try matrix("ring", 6, seed: 6).dense() != one)
        // Rounds are drawn apart from each other, peers too.
        let cycle = try matrix("periodic", 4, ["graphs": .list([.list([edge(0, 1), edge(2, 3), edge(1, 2)])])])
        #expect(cycle.period == 1)
        let twice = try matrix("one-peer-exponential", 4)
        #expect(twice.row(of: 0, round: 0).last?.weight != twice.row(of: 0, round: 1).last?.weight)
        #expect(twice.row(of: 0, round: 0).first?.weight != twice.row(of: 1, round: 0).first?.weight)
    }

    /// Two peers that weigh each other by a and b: the second eigenvalue is 1 - a - b.
    @Test func weightsAreUniformOverTheirSum() throws {
        var (sum, count) = (0.0, 0)
        for seed in UInt64(0)..<2000 {
            let row = try matrix("complete", 2, seed: seed).row(of: 0)
            sum += row[1].weight
            count += row[1].weight < 0.25 ? 1 : 0
        }
        // Of u / (u + v) with u and v uniform, the mean is 1/2, and below 1/4 lies one in six.
        #expect(abs(sum / 2000 - 0.5) < 0.02)
        #expect(abs(Double(count) / 2000 - 1.0 / 6) < 0.03)
    }

    @Test func algorithmsThatNeedMoreRefuseThem() throws {
        let ring = try matrix("ring", 4)
        let found = try #require(ring.violation(of: .doublyStochastic))
        #expect(
            throws: ConfigurationError(
                key: nil,
                "dpsgd needs a doubly stochastic mixing matrix, but in topology 'ring' with mixing "
                    + "'random-row-stochastic' \(found); set topology.mixing=metropolis")
        ) { try ring.require(.doublyStochastic, by: "dpsgd") }
        let cycle = try matrix("directed-ring", 4)
        #expect(throws: ConfigurationError.self) { try cycle.require(.columnStochastic, by: "a") }
        do throws(ConfigurationError) {
            try cycle.require(.doublyStochastic, by: "a")
        } catch {
            #expect(error.message.hasSuffix("; set topology.mixing=random-doubly-stochastic"))
        }
    }
}

/// An edge as it stands in an experiment file.
func edge(_ one: Int, _ other: Int) -> OptionValue { .list([.integer(one), .integer(other)]) }
