import Configuration
import Gossip
import Graphs
import Testing

private func periodic(_ peers: Int, _ options: [String: OptionValue]) throws -> MixingMatrix {
    MixingMatrix(try Graph("periodic", peers: peers, seed: 1, options: Options(options)))
}

private func list(_ graphs: [(Int, Int)]...) -> OptionValue {
    .list(graphs.map { edges in .list(edges.map { edge($0.0, $0.1) }) })
}

@Suite struct PeriodicTests {
    @Test func graphsFollowEachOther() throws {
        let matrix = try periodic(4, ["graphs": list([(0, 1), (2, 3)], [(1, 2)], [(3, 0), (0, 1), (1, 0)])])
        #expect(matrix.period == 3 && !matrix.graph.isDirected)
        let neighbours = (UInt64(0)..<4).map { round in
            (0..<4).map { matrix.graph.neighbours(of: PeerID($0), round: round).map(\.rawValue) }
        }
        #expect(
            neighbours == [
                [[1], [0], [3], [2]], [[], [2], [1], []], [[1, 3], [0], [], [0]], [[1], [0], [3], [2]],
            ])
        // Metropolis, of the round's own degrees.
        #expect(matrix.dense(round: 1) == [[1, 0, 0, 0], [0, 0.5, 0.5, 0], [0, 0.5, 0.5, 0], [0, 0, 0, 1]])
        #expect(abs(matrix.dense(round: 2)[0][0] - 1.0 / 3) < 1e-15)
        #expect(matrix.isConnected && matrix.isDoublyStochastic && matrix.isSymmetric && !matrix.isConstant)
    }

    @Test func edgesMayGoOneWay() throws {
        let options = ["graphs": list([(0, 1)], [(1, 2)], [(2, 0)]), "directed": .boolean(true)]
        let matrix = try periodic(3, options.merging(["mixing": .text("uniform")]) { $1 })
        #expect(matrix.graph.isDirected && matrix.isConnected)
        #expect(matrix.graph.neighbours(of: 0) == [1] && matrix.graph.senders(to: 0) == [])
        #expect(matrix.dense() == [[1, 0, 0], [0.5, 0.5, 0], [0, 0, 1]])
        #expect(matrix.isRowStochastic && !matrix.isColumnStochastic)
        #expect(
            throws: ConfigurationError(
                key: "mixing",
                "metropolis gives an edge the same weight from both of its ends, and periodic has edges in one "
                    + "direction only; choose uniform or lazy")
        ) { try periodic(3, options) }
    }

    /// Where no weights would do, the remedy is another graph.
    @Test func whatIsNotDoublyStochasticNamesARemedyThatHelps() throws {
        func message(_ graphs: OptionValue) throws -> String? {
            let options: [String: OptionValue] = [
                "graphs": graphs, "directed": .boolean(true), "mixing": .text("uniform"),
            ]
            let matrix = try periodic(3, options)
            do throws(ConfigurationError) {
                try matrix.require(.doublyStochastic, by: "a")
                return nil
            } catch {
                return error.message
            }
        }
        let oneWay = try #require(try message(list([(0, 1)], [(1, 2)], [(2, 0)])))
        #expect(oneWay.hasSuffix("; choose an undirected topology, such as ring, torus or hypercube"))
        let cycles = try #require(try message(list([(0, 1), (1, 2), (2, 0), (1, 0)])))
        #expect(cycles.hasSuffix("; set topology.mixing=random-doubly-stochastic"))
        #expect(try message(list([(0, 1), (1, 2), (2, 0)])) == nil)
    }

    /// A ring's edges by turns: pairs, each with the weight 1/2, and one peer alone where the number is odd.
    @Test(arguments: 1...9) func unlessToldOtherwiseARingTakesTurns(peers: Int) throws {
        let matrix = try periodic(peers, [:])
        #expect(matrix.period == (peers <= 2 ? 1 : peers.isMultiple(of: 2) ? 2 : 3))
        let ring = try Graph("ring", peers: peers)
        for peer in (0..<peers).map({ PeerID($0) }) {
            let rounds = (0..<matrix.period).map { matrix.graph.neighbours(of: peer, round: $0) }
            #expect(rounds.allSatisfy { $0.count <= 1 })
            #expect(rounds.joined().sorted() == ring.neighbours(of: peer))
        }
        #expect(matrix.isDoublyStochastic && matrix.isSymmetric)
    }

    @Test func matricesAreChecked() throws {
        func matrices(_ values: [[[Double]]]) -> [String: OptionValue] {
            ["matrix": .list(values.map { .list($0.map { .list($0.map(OptionValue.number)) }) })]
        }
        let (first, second) = ([[1, 0, 0], [0.5, 0.5, 0], [0, 0, 1]], [[0.5, 0, 0.5], [0, 1, 0], [0, 0.5, 0.5]])
        let away = [[1, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5]]
        let matrix = try periodic(3, matrices([first, second]))
        #expect(matrix.graph.rule == nil && matrix.period == 2)
        #expect(matrix.dense(round: 0) == first && matrix.dense(round: 3) == second)
        #expect(
            throws: ConfigurationError(
                key: "matrix",
                "all 2 rounds together are not strongly connected: no path leads from peer 1 to peer 0; add an edge "
                    + "on such a path to one of them")
        ) { try periodic(3, matrices([away, away])) }
        #expect(
            throws: ConfigurationError(
                key: "matrix",
                "the graph is not strongly connected: no path leads from peer 0 to peer 2; add an edge on such a path "
                    + "to it")
        ) { try periodic(3, matrices([first])) }
        #expect(throws: ConfigurationError.self) { try periodic(4, matrices([first])) }
    }

    @Test(arguments: [
        (
            list([(0, 1)], [(1, 0)]),
            "all 2 rounds together are not strongly connected: no path leads from peer 0 to "
                + "peer 2; add an edge on such a path to one of them"
        ),
        (list([(0, 1), (0, 3)]), "[0, 3] in graph 0 is no edge; give two different peers from 0 to 2"),
        (list([(0, 1)], [(2, 2)]), "[2, 2] in graph 1 is no edge; give two different peers from 0 to 2"),
        (
            .list([.list([.list([.integer(0), .number(1.5)])])]),
            "[0, 1.5] in graph 0 is no edge; give two different "
                + "peers from 0 to 2"
        ),
        (.list([]), "there is no graph; give a list of edges for each round"),
    ])
    func whatIsNoCycleOfGraphsIsRefused(graphs: OptionValue, sentence: String) {
        #expect(throws: ConfigurationError(key: "graphs", sentence)) { try periodic(3, ["graphs": graphs]) }
    }

    @Test func oneKindOfThem() {
        let matrix = OptionValue.list([.list([.integer(1)])])
        #expect(
            throws: ConfigurationError(
                key: "graphs", "graphs come with mixing matrices of their own; give graphs or matrix, not both")
        ) { try periodic(1, ["graphs": list([]), "matrix": matrix]) }
        #expect(
            throws: ConfigurationError(
                key: "mixing",
                "best-constant is of one graph, and periodic has another one in every round; choose metropolis")
        ) { try periodic(4, ["mixing": .text("best-constant")]) }
    }
}
