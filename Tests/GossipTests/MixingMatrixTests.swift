import Configuration
import Foundation
import Gossip
import Graphs
import Testing

private func matrix(_ name: String, _ peers: Int, _ rule: MixingRule? = nil) throws -> MixingMatrix {
    MixingMatrix(
        try Graph(name, peers: peers, seed: 1, options: Options(rule.map { ["mixing": .text($0.rawValue)] } ?? [:])))
}

@Suite struct MixingMatrixTests {
    static let undirected = [
        "complete", "ring", "star", "chain", "torus", "hypercube", "random-regular", "erdos-renyi", "binary-tree",
        "double-binary-tree", "bipartite", "dumbbell", "house", "small-world",
    ]
    static let irregular: Set = [
        "star", "chain", "erdos-renyi", "binary-tree", "double-binary-tree", "bipartite", "dumbbell", "house",
        "small-world",
    ]
    static let directed = ["directed-ring", "exponential", "one-peer-exponential"]

    @Test(arguments: undirected, MixingRule.allCases) func undirectedGraphs(name: String, rule: MixingRule) throws {
        for peers in [1, 2, 3, 5, 6, 8, 16, 17] {
            guard let matrix = try? matrix(name, peers, rule) else { continue }
            try check(matrix)
            let isRegular = !Self.irregular.contains(name)
            #expect(matrix.isConnected && matrix.isConstant)
            // The drawn ones have tests of their own.
            if rule.rawValue.hasPrefix("random") { continue }
            #expect(matrix.isSymmetric == (rule != .uniform || isRegular || matrix.isDoublyStochastic))
            if rule == .bestConstant { continue }
            #expect(matrix.isRowStochastic && matrix.hasPositiveDiagonal)
            if rule != .uniform || isRegular { #expect(matrix.isDoublyStochastic, "\(name) \(peers)") }
        }
    }

    @Test(arguments: directed, [MixingRule.uniform, .lazy]) func directedGraphs(name: String, rule: MixingRule) throws {
        for peers in [1, 2, 3, 5, 6, 8, 13] {
            let matrix = try matrix(name, peers, rule)
            try check(matrix)
            #expect(matrix.isDoublyStochastic && matrix.isConnected && matrix.hasPositiveDiagonal)
            #expect(matrix.isSymmetric == (peers < 3 || (peers == 3 && name == "exponential")))
        }
    }

    /// Rows, receivers and properties against the plain matrix.
    private func check(_ matrix: MixingMatrix) throws {
        let peers = matrix.peers
        var (rows, columns, symmetric, positive, negative) = (true, true, true, true, false)
        for round in 0..<matrix.period {
            let dense = matrix.dense(round: round)
            for i in 0..<peers {
                let row = matrix.row(of: PeerID(i), round: round)
                #expect(row.map(\.peer) == Set(row.map(\.peer)).sorted())
                #expect(row.allSatisfy { $0.weight != 0 })
                let receivers = (0..<peers).filter { $0 != i && dense[$0][i] > 0 }
                #expect(matrix.receivers(of: PeerID(i), round: round) == receivers.map { PeerID($0) })
                #expect(matrix.row(of: PeerID(i), round: round + matrix.period) == row)
                rows = rows && abs(dense[i].reduce(0, +) - 1) <= 1e-9
                columns = columns && abs(dense.reduce(0) { $0 + $1[i] } - 1) <= 1e-9
                positive = positive && dense[i][i] > 0
                for j in 0..<peers {
                    symmetric = symmetric && abs(dense[i][j] - dense[j][i]) <= 1e-9
                    negative = negative || dense[i][j] < 0
                }
            }
        }
        #expect(matrix.isRowStochastic == (rows && !negative))
        #expect(matrix.isColumnStochastic == (columns && !negative))
        #expect(matrix.isDoublyStochastic == (rows && columns && !negative))
        #expect(matrix.isSymmetric == symmetric)
        #expect(matrix.hasPositiveDiagonal == positive)
    }

    @Test func theRulesWeighAStarOfFive() throws {
        func weights(_ rule: MixingRule) throws -> [Double] {
            let dense = try matrix("star", 5, rule).dense()
            return [dense[0][0], dense[0][1], dense[1][0], dense[1][1]]
        }
        func expect(_ rule: MixingRule, _ expected: [Double]) throws {
            for (found, wanted) in zip(try weights(rule), expected) { #expect(abs(found - wanted) < 1e-15, "\(rule)") }
        }
        try expect(.metropolis, [0.2, 0.2, 0.2, 0.8])
        try expect(.uniform, [0.2, 0.2, 0.5, 0.5])
        try expect(.maxDegree, [0.2, 0.2, 0.2, 0.8])
        try expect(.lazy, [0.6, 0.1, 0.1, 0.9])
        // The Laplacian's eigenvalues are 0, 1 and 5; the middle's own weight is negative.
        try expect(.bestConstant, [-1.0 / 3, 1.0 / 3, 1.0 / 3, 2.0 / 3])
        #expect(try !matrix("star", 5, .bestConstant).isDoublyStochastic)
    }

    @Test func metropolisAndMaxDegreeDifferOnAChain() throws {
        #expect(abs(try matrix("chain", 2, .metropolis).dense()[0][1] - 0.5) < 1e-15)
        let chain = try matrix("chain", 3, .maxDegree).dense()
        #expect(abs(chain[0][0] - 2.0 / 3) < 1e-15 && abs(chain[1][1] - 1.0 / 3) < 1e-15)
    }

    @Test func bestConstantKnowsTheLaplacian() throws {
        // 2 / (least + greatest), by hand: 2 and 6 of the cube; 2 - 2 cos 72 and 2 - 2 cos 144 degrees; 2 - sqrt 2 and
        // 2 + sqrt 2; 1 and 4 + 3 on three by six.
        func weight(_ name: String, _ peers: Int) throws -> Double {
            try matrix(name, peers, .bestConstant).row(of: 0).last?.weight ?? 0
        }
        #expect(abs(try weight("hypercube", 8) - 0.25) < 1e-15)
        #expect(abs(try weight("ring", 5) - 0.4) < 1e-15)
        #expect(abs(try weight("chain", 4) - 0.5) < 1e-15)
        #expect(abs(try weight("torus", 18) - 0.25) < 1e-15)
    }

    /// Graphs without a closed form that are complete graphs or circles in truth.
    @Test func whereNoFormIsKnownEigenvaluesAreFound() throws {
        func weight(_ name: String, _ peers: Int, _ option: String, _ value: OptionValue) throws -> Double {
            let options = Options([option: value, "mixing": .text("best-constant")])
            return MixingMatrix(try Graph(name, peers: peers, seed: 1, options: options)).row(of: 0).last?.weight ?? 0
        }
        #expect(abs(try weight("erdos-renyi", 12, "probability", .integer(1)) - 1.0 / 12) < 1e-14)
        #expect(abs(try weight("random-regular", 9, "degree", .integer(8)) - 1.0 / 9) < 1e-14)
        for peers in [2, 3, 4, 31, 100] {
            let cycle = try matrix("ring", peers, .bestConstant).row(of: 0).last?.weight ?? 0
            let found = try weight("random-regular", peers, "degree", .integer(min(2, peers - 1)))
            #expect(abs(found - cycle) < 1e-12, "\(peers) peers")
        }
    }

    @Test func directedGraphsRefuseRulesForUndirectedOnes() {
        #expect(
            throws: ConfigurationError(
                key: "mixing",
                "metropolis gives an edge the same weight from both of its ends, and exponential has edges in one "
                    + "direction only; choose uniform or lazy")
        ) { try matrix("exponential", 4, .metropolis) }
    }

    @Test func algorithmsNameWhatTheyNeed() throws {
        let star = try matrix("star", 4, .uniform)
        #expect(throws: Never.self) { try star.require(.rowStochastic, by: "a") }
        #expect(
            throws: ConfigurationError(
                key: nil,
                "dpsgd needs a doubly stochastic mixing matrix, but in topology 'star' with mixing 'uniform' the "
                    + "weights on sender 0 (column 0) sum to 1.75, not 1; set topology.mixing=metropolis")
        ) { try star.require(.doublyStochastic, by: "dpsgd") }
        #expect(
            throws: ConfigurationError(
                key: nil,
                "extra needs a symmetric mixing matrix, but in topology 'directed-ring' with mixing 'uniform' peer 0 "
                    + "puts 0.0 on peer 1, which puts 0.5 on it; choose an undirected topology, such as ring, torus or "
                    + "hypercube")
        ) { try matrix("directed-ring", 4).require(.symmetric, by: "extra") }
        #expect(
            throws: ConfigurationError(
                key: nil,
                "d2 needs a mixing matrix that is the same in every round, but in topology 'one-peer-exponential' with "
                    + "mixing 'uniform' the weights change from round to round, and repeat after 3 rounds; choose a "
                    + "topology that stays the same, such as exponential")
        ) { try matrix("one-peer-exponential", 8).require(.constant, by: "d2") }
        #expect(
            throws: ConfigurationError(
                key: nil,
                "dpsgd needs a connected graph, but in topology 'custom' no path leads both from peer 0 to peer 1 and "
                    + "back; mend topology.matrix, or choose another topology by its name")
        ) { try MixingMatrix(custom([[1, 0], [0.5, 0.5]], peers: 2)).require(.connected, by: "dpsgd") }
        #expect(
            throws: ConfigurationError(
                key: nil,
                "sgp needs a column-stochastic mixing matrix, but in topology 'custom' the weights on sender 1 (column "
                    + "1) sum to 0.9, not 1 in round 1; mend topology.matrix, or choose another topology by its name")
        ) {
            let cycle = try custom([[0.5, 0.5], [0.5, 0.5]], [[0.9, 0.1], [0.1, 0.8]], peers: 2)
            try MixingMatrix(cycle).require(.columnStochastic, by: "sgp")
        }
    }

    @Test(arguments: ["ring", "directed-ring", "exponential", "one-peer-exponential", "random-regular", "erdos-renyi"])
    func tenThousandPeersCostTheirEdges(name: String) throws {
        let matrix = try matrix(name, 10_000)
        #expect(matrix.isDoublyStochastic && matrix.isConnected && matrix.hasPositiveDiagonal)
    }

    @Test func aMatrixIsWrittenAsItsGraph() throws {
        let original = try matrix("ring", 6, .lazy)
        let copy = try JSONDecoder().decode(MixingMatrix.self, from: JSONEncoder().encode(original))
        #expect(copy.dense() == original.dense())
    }
}
