import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing

@Suite struct ADPSGDTests {
    /// With gradients of zero the sum of the models stays, whatever is lost or late, and the models meet.
    @Test(arguments: 0..<20) func theSumIsPreserved(seed: UInt64) throws {
        var run = EveryAlgorithmTests.run("adpsgd", ["ring", "star", "chain", "complete"][Int(seed % 4)])
        let peers = seed % 4 == 3 ? 2 : 6
        run.curvature = 0
        run.seed = seed
        run.steps = 600
        run.starts = (0..<peers).map { [Float($0 * $0)] }
        run.network = EveryAlgorithmTests.unruly
        let simulation = try run.run(targets: [[Float]](repeating: [0], count: peers))
        let start = (0..<peers).map { Double($0 * $0) }.reduce(0, +)
        #expect(abs(simulation.sum - start) < 1e-3)
        for model in simulation.models { #expect(abs(Double(model[0]) - start / Double(peers)) < 2) }
    }

    /// On a directed ring those who only answer would be met by one other peer each, and by nobody else ever.
    @Test func oneWayEdgesAreRefused() throws {
        let run = EveryAlgorithmTests.run("adpsgd", "directed-ring")
        #expect(throws: ConfigurationError.self) { try run.run(targets: [[0], [1], [2], [3]]) }
        #expect(throws: Never.self) {
            // Two peers are each other's neighbours.
            try run.run(targets: [[0], [1]])
        }
    }

    /// Gradients that land while an exchange is under way move the sum by themselves and by nothing else: with a
    /// gradient of 1 everywhere the sum falls by the rate for each step made.
    @Test(arguments: 0..<20) func gradientsMeanwhileAreKept(seed: UInt64) throws {
        var run = EveryAlgorithmTests.run("adpsgd", "ring")
        run.seed = seed
        run.steps = 60
        run.rate = 0.01
        run.curvature = 1e-6
        run.network = TestNetwork(latencySeconds: 0.05, jitterSeconds: 0.05)
        let simulation = try run.run(targets: [[Float]](repeating: [-1e6], count: 6))
        #expect(abs(simulation.sum + 0.01 * 6 * 60) < 1e-3)
    }

    /// The network may be as slow as it likes: the steps take the time of the gradients alone. One exchange is under
    /// way at a time.
    @Test func trainingNeverWaits() throws {
        var run = EveryAlgorithmTests.run("adpsgd", "ring")
        run.steps = 50
        run.network = TestNetwork(latencySeconds: 0.1)
        let simulation = try run.simulation(targets: (0..<4).map { [Float($0)] })
        simulation.start()
        simulation.run(until: Time(seconds: 50 * 0.013))
        for peer in 0..<4 { #expect(simulation.isFinished(PeerID(peer))) }
        simulation.run()
        for peer in [1, 3] {
            // An exchange takes 0.2 s.
            #expect(simulation.statistics(of: PeerID(peer)).messagesSent <= 5)
            #expect(simulation.statistics(of: PeerID(peer)).messagesSent >= 2)
        }
    }

    @Test func onlyOneSideBeginsAndAtMostOnceAStep() throws {
        var run = EveryAlgorithmTests.run("adpsgd", "ring")
        run.steps = 50
        run.network = TestNetwork(latencySeconds: 1e-6)
        let simulation = try run.run(targets: (0..<6).map { [Float($0)] })
        let sent = (0..<6).map { simulation.statistics(of: PeerID($0)) }
        for peer in [1, 3, 5] { #expect(sent[peer].messagesSent == 50) }
        #expect([0, 2, 4].map { sent[$0].messagesSent }.reduce(0, +) == 150)
        #expect([0, 2, 4].allSatisfy { sent[$0].messagesSent == sent[$0].messagesReceived })
    }

    @Test(arguments: [("ring", 5), ("complete", 3), ("one-peer-exponential", 8), ("exponential", 4)])
    func aGraphWithAnOddCycleIsRefused(topology: String, peers: Int) throws {
        let setup = Setup(
            me: 0, peers: peers, seed: 1, graph: try Graph(topology, peers: peers), samples: 1, stepsPerEpoch: 1,
            steps: 1)
        let error = try #require(throws: ConfigurationError.self) {
            _ = try Algorithms.make("adpsgd", setup, options: Options())
        }
        #expect(
            error.message.hasPrefix("adpsgd needs a bipartite graph, but in topology '\(topology)' the edge between"))
        #expect(error.message.contains("choose a topology such as star"))
    }
}
