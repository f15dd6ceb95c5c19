import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing

@Suite struct GradientTrackingTests {
    /// Objectives whose minima lie far apart: with a constant rate every peer reaches the minimum of their sum, where
    /// D-PSGD stays at a distance from it.
    @Test(arguments: ["ring", "chain", "one-peer-exponential"]) func heterogeneityLeavesNoBias(topology: String) throws
    {
        func spread(_ name: String) throws -> Double {
            var run = EveryAlgorithmTests.run(name, topology)
            run.steps = 600
            let simulation = try run.run(targets: (0..<6).map { [Float($0 * $0)] })
            return simulation.evaluated.map { abs(Double($0[0]) - 55.0 / 6) }.max() ?? .nan
        }
        #expect(try spread("gradient-tracking") < 1e-3)
        #expect(try spread("dpsgd") > 0.5)
    }

    /// The mean of what is tracked is the mean of the last gradients, after every round.
    @Test func theMeanOfTheTrackedIsThatOfTheGradients() throws {
        var run = EveryAlgorithmTests.run("gradient-tracking", "ring")
        run.noise = 1
        run.network = EveryAlgorithmTests.unruly
        for steps in UInt64(1)...20 {
            run.steps = steps
            let simulation = try run.run(targets: (0..<5).map { [Float($0 * $0)] })
            func mean(_ vector: Vector) -> Double {
                (0..<5).map { Double(simulation.values(of: vector, peer: PeerID($0))[0]) }.reduce(0, +) / 5
            }
            // The gradient itself is let go of at the end; the algorithm keeps a copy.
            #expect(abs(mean(.named(0)) - mean(.named(1))) < 1e-5)
        }
    }

    /// Two vectors a round to every neighbour.
    @Test func twoVectorsARound() throws {
        var run = EveryAlgorithmTests.run("gradient-tracking", "ring")
        run.steps = 7
        let simulation = try run.run(targets: [[Float]](repeating: [1, 2, 3], count: 5))
        for peer in 0..<5 {
            #expect(simulation.statistics(of: PeerID(peer)).messagesSent == 7 * 4)
            #expect(simulation.statistics(of: PeerID(peer)).bytesSent == 7 * 4 * 12)
        }
    }

    @Test func aMatrixThatMovesTheMeanIsRefused() throws {
        let graph = try Graph("star", peers: 4, options: Options(["mixing": .text("uniform")]))
        let setup = Setup(me: 0, peers: 4, seed: 1, graph: graph, samples: 1, stepsPerEpoch: 1, steps: 1)
        let error = try #require(throws: ConfigurationError.self) {
            _ = try Algorithms.make("gradient-tracking", setup, options: Options())
        }
        #expect(error.message.hasPrefix("gradient-tracking needs a doubly stochastic mixing matrix"))
    }
}
