import Configuration
import Gossip
import Graphs
import Randomness
import Runtime
import Simulator
import Testing

/// Which matrices which algorithms take, and what they make of graphs that are connected only all rounds together.
@Suite struct MixingNeedsTests {
    /// What the algorithm says to the graph, if it refuses it.
    private func refusal(_ name: String, _ topology: String, _ options: [String: OptionValue]) throws -> String? {
        let graph = try Graph(topology, peers: 6, seed: 1, options: Options(options))
        let setup = Setup(me: 0, peers: 6, seed: 1, graph: graph, samples: 1, stepsPerEpoch: 1, steps: 1)
        do throws(ConfigurationError) {
            _ = try Algorithms.make(name, setup, options: Options())
            return nil
        } catch {
            return error.message
        }
    }

    @Test(arguments: EveryAlgorithmTests.names) func theseMatricesAreRefusedByThese(name: String) throws {
        let rows = try refusal(name, "ring", ["mixing": .text("random-row-stochastic")])
        let sums = try refusal(name, "ring", ["mixing": .text("random-doubly-stochastic")])
        let turns = try refusal(name, "periodic", [:])
        let needs = Algorithms.traits(name).needs
        if needs.contains(.symmetric) {
            for refusal in [rows, sums] {
                #expect(refusal?.hasPrefix("\(name) needs a symmetric mixing matrix, but in topology 'ring' ") == true)
            }
            guard needs.contains(.constant) else {
                #expect(turns == nil)
                return
            }
            #expect(turns?.hasPrefix("\(name) needs a mixing matrix that is the same in every round, but ") == true)
        } else if needs.contains(.doublyStochastic) {
            #expect(rows?.hasPrefix("\(name) needs a doubly stochastic mixing matrix, but in topology 'ring' ") == true)
            #expect(rows?.hasSuffix("; set topology.mixing=metropolis") == true)
            #expect(sums == nil && turns == nil)
        } else {
            #expect(sums == nil && turns == nil)
            let isPushSum = ["sgp", "osgp"].contains(name)
            #expect(rows?.hasPrefix("\(name) needs a column-stochastic mixing matrix") == (isPushSum ? true : nil))
        }
    }

    /// No round joins all peers: of a ring's edges each takes its turn, and drawn weights change from round to round.
    @Test(arguments: [5, 6], ["metropolis", "random-doubly-stochastic"])
    func gradientTrackingIsExactWhereEdgesTakeTurns(peers: Int, rule: String) throws {
        var run = EveryAlgorithmTests.run("gradient-tracking", "periodic")
        run.topologyOptions = Options(["mixing": .text(rule)])
        (run.rate, run.steps, run.network) = (0.05, 800, EveryAlgorithmTests.unruly)
        let targets = (0..<peers).map { [Float($0 * $0)] }
        let mean = targets.map { Double($0[0]) }.reduce(0, +) / Double(peers)
        for model in try run.run(targets: targets).evaluated { #expect(abs(Double(model[0]) - mean) < 2e-3) }
    }

    /// One edge a round, in one direction: push-sum finds the exact average all the same (B-strong connectivity).
    @Test(arguments: ["sgp", "osgp"]) func pushSumAveragesOverOneEdgeARound(name: String) throws {
        var run = EveryAlgorithmTests.run(name, "periodic")
        let edges: [OptionValue] = [(0, 1), (1, 2), (2, 3), (3, 0), (2, 0)].map { edge in
            .list([.list([.integer(edge.0), .integer(edge.1)])])
        }
        run.topologyOptions = Options([
            "graphs": .list(edges), "directed": .boolean(true), "mixing": .text("uniform"),
        ])
        (run.curvature, run.steps, run.network) = (0, 300, EveryAlgorithmTests.unruly)
        run.starts = [[1, 0], [2, -8], [4, 0], [9, 0]]
        for model in try run.run(targets: [[Float]](repeating: [0, 0], count: 4)).evaluated {
            #expect(abs(model[0] - 4) < 1e-4 && abs(model[1] + 2) < 1e-4)
        }
    }
}
