import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing

@Suite struct EASGDTests {
    /// Without gradients the workers and the server together stay where they were, and meet.
    @Test(arguments: [1, 2, 3, 5, 8]) func workersAndServerTogetherStay(peers: Int) throws {
        var run = EveryAlgorithmTests.run("easgd", "complete")
        run.options = Options(["period": .integer(2), "beta": .number(0.7)])
        run.curvature = 0
        run.steps = 200
        run.starts = (0..<peers).map { [Float($0) + 1] }
        run.network = EveryAlgorithmTests.unruly
        let simulation = try run.run(targets: [[Float]](repeating: [0], count: peers))
        let start = Double(peers * (peers + 1) / 2)
        #expect(abs(simulation.sum - start) < 1e-4)
        for model in simulation.models { #expect(abs(Double(model[0]) - start / Double(peers + 1)) < 1e-2) }
    }

    /// alpha = rho x rate: with four workers and a rate of 0.1, rho = 2.25 is beta = 0.9.
    @Test func theForceByItsStrength() throws {
        func models(_ options: [String: OptionValue]) throws -> [[Float]] {
            var run = EveryAlgorithmTests.run("easgd", "complete")
            run.options = Options(options)
            run.steps = 20
            return try run.run(targets: [[1], [2], [4], [9]]).models
        }
        let (one, other) = (try models(["rho": .number(2.25)]), try models([:]))
        for (model, same) in zip(one, other) { #expect(abs(model[0] - same[0]) < 1e-5) }
        #expect(try models(["alpha": .number(0.225)]) == other)
        let error = try #require(throws: ConfigurationError.self) {
            _ = try models(["rho": .number(1), "alpha": .number(0.1)])
        }
        #expect(error.key == "rho" && error.message.contains("leave one of the two out"))
    }

    /// A force and a server a round and worker; the server comes once more than it is used.
    @Test func whatIsSent() throws {
        var run = EveryAlgorithmTests.run("easgd", "complete")
        run.options = Options(["period": .integer(4)])
        run.steps = 10
        let simulation = try run.run(targets: [[1, 2], [3, 4], [5, 6]])
        for peer in 0..<3 { #expect(simulation.statistics(of: PeerID(peer)).messagesSent == 3) }
        #expect(simulation.statistics(of: 3).messagesSent == 3 * 4)
        #expect(simulation.statistics(of: 3).bytesSent == 3 * 4 * 8)
        for peer in 0..<4 { #expect(simulation.heldPayloadCount(of: PeerID(peer)) == 0) }
    }
}
