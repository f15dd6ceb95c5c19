import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing

@Suite struct AEASGDTests {
    /// One worker with its minimum at 1, a rate of 0.1 and alpha 0.9, worked out by hand:
    /// e = 0.9 (x - c), x <- x - 0.1 (x - 1) - e, c <- c + e.
    @Test func theForceActsOnBothSides() throws {
        let rows: [(x: Float, c: Float)] = [(0.1, 0), (0.1, 0.09), (0.181, 0.099)]
        for (index, row) in rows.enumerated() {
            var run = EveryAlgorithmTests.run("aeasgd", "complete")
            run.options = Options(["period": .integer(1)])
            run.steps = UInt64(index + 1)
            let simulation = try run.run(targets: [[1]])
            #expect(abs(simulation.models[0][0] - row.x) < 1e-6)
            #expect(abs(simulation.models[1][0] - row.c) < 1e-6)
        }
    }

    /// Without gradients the workers and the server together stay where they were, and meet.
    @Test(arguments: [1, 2, 3, 5, 8]) func workersAndServerTogetherStay(peers: Int) throws {
        var run = EveryAlgorithmTests.run("aeasgd", "complete")
        run.options = Options(["period": .integer(2)])
        run.curvature = 0
        run.steps = 200
        run.starts = (0..<peers).map { [Float($0) + 1] }
        run.network = EveryAlgorithmTests.unruly
        let simulation = try run.run(targets: [[Float]](repeating: [0], count: peers))
        let start = Double(peers * (peers + 1) / 2)
        #expect(abs(simulation.sum - start) < 1e-4)
        for model in simulation.models { #expect(abs(Double(model[0]) - start / Double(peers + 1)) < 1e-2) }
    }

    /// A request, a server and a force every tau steps; nobody is asked for a gradient who has no data.
    @Test func whatIsSent() throws {
        var run = EveryAlgorithmTests.run("aeasgd", "complete")
        run.options = Options(["period": .integer(10)])
        run.steps = 95
        let simulation = try run.run(targets: [[1, 2], [3, 4]])
        for peer in 0..<2 {
            #expect(simulation.statistics(of: PeerID(peer)).messagesSent == 20)
            #expect(simulation.statistics(of: PeerID(peer)).bytesSent == 10 * 8)
        }
        #expect(simulation.statistics(of: 2).messagesSent == 20)
        #expect(simulation.statistics(of: 2).bytesSent == 20 * 8)
        #expect(simulation.statistics(of: 2).steps == 0)
    }
}
