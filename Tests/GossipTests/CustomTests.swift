import Configuration
import Gossip
import Graphs
import Testing

/// A custom graph of these matrices, one or a cycle.
func custom(_ matrices: [[Double]]..., peers: Int) throws -> Graph {
    let lists = matrices.map { matrix in OptionValue.list(matrix.map { .list($0.map(OptionValue.number)) }) }
    let value = lists.count == 1 ? lists[0] : .list(lists)
    return try Graph("custom", peers: peers, options: Options(["matrix": value]))
}

@Suite struct CustomTests {
    @Test func theGraphIsWhereWeightsAre() throws {
        // Peer 1 hears peer 0 and itself; peer 0 hears itself; peer 2 hears peer 1 alone.
        let graph = try custom([[1, 0, 0], [0.25, 0.75, 0], [0, 1, 0]], peers: 3)
        #expect((0..<3).map { graph.neighbours(of: PeerID($0)) } == [[1], [2], []])
        #expect((0..<3).map { graph.senders(to: PeerID($0)) } == [[], [0], [1]])
        let matrix = MixingMatrix(graph)
        #expect(matrix.row(of: 1) == [MixingWeight(peer: 0, weight: 0.25), MixingWeight(peer: 1, weight: 0.75)])
        #expect(matrix.row(of: 2) == [MixingWeight(peer: 1, weight: 1)])
        #expect(matrix.isRowStochastic && !matrix.isColumnStochastic && !matrix.isConnected)
        #expect(!matrix.hasPositiveDiagonal)
    }

    @Test func severalMatricesAreACycle() throws {
        let graph = try custom(
            [[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1]], [[1, 0, 0], [0, 0.5, 0.5], [0, 0.5, 0.5]], peers: 3)
        let matrix = MixingMatrix(graph)
        #expect(matrix.period == 2 && !matrix.isConstant)
        #expect(matrix.dense(round: 2) == matrix.dense(round: 0))
        #expect(matrix.dense(round: 3)[1] == [0, 0.5, 0.5])
        // Neither round joins all three, both together do.
        #expect(matrix.isConnected && matrix.isDoublyStochastic && matrix.isSymmetric)
    }

    @Test(arguments: [
        (OptionValue.null, "a custom topology is its matrix; give one, such as [[0.5, 0.5], [0.5, 0.5]]"),
        (.list([]), "there is no row; give 2 rows of 2 weights"),
        (.list([.list([.integer(1)])]), "1 row for 2 peers; give a row for each peer"),
        (
            .list([.list([.integer(1)]), .list([.integer(1), .integer(0)])]),
            "row 0 has 1 weights for 2 peers; the matrix must be square"
        ),
        (
            .list([.list([.integer(1), .integer(0)]), .list([.number(-0.5), .number(1.5)])]),
            "the weight -0.5 in row 1, column 0 is no finite number of at least 0"
        ),
        (
            .list([.list([.integer(1), .number(.nan)]), .list([.integer(0), .integer(1)])]),
            "the weight nan in row 0, column 1 is no finite number of at least 0"
        ),
        (
            .list([.list([.list([.integer(1), .integer(0)]), .list([.integer(0), .integer(1)])]), .list([])]),
            "0 rows of matrix 1 for 2 peers; give a row for each peer"
        ),
        (.text("x"), "x is not a list of rows of numbers, or a list of such lists, or null"),
        (
            .list([.list([.text("a")])]),
            "[[a]] is not a list of rows of numbers, or a list of such lists, or null"
        ),
    ])
    func whatIsNoMatrixIsRefused(value: OptionValue, sentence: String) {
        #expect(throws: ConfigurationError(key: "matrix", sentence)) {
            try Graph("custom", peers: 2, options: Options(["matrix": value]))
        }
    }
}
