import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing

@Suite struct OverlapSGPTests {
    /// Next to a peer forty times slower the others make tau steps in each exchange, which ends when the slow one has
    /// given its share, after each of its steps: they are through when it has made one step in tau.
    @Test(arguments: [0, 1, 2, 4]) func anExchangeLastsForSoManySteps(staleness: Int) throws {
        var run = EveryAlgorithmTests.run("osgp", "complete")
        run.options = Options(["staleness": .integer(staleness)])
        run.steps = 32
        run.stragglerDelay = [0: 40]
        let simulation = try run.simulation(targets: [[1], [2], [3]])
        simulation.start()
        var slow: UInt64?
        while simulation.step() {
            let steps = (0..<3).map { simulation.statistics(of: PeerID($0)).steps }
            let made = Int(max(steps[1], steps[2]))
            #expect(made <= max(1, staleness) * Int(steps[0] + 1) + (staleness == 0 ? 0 : 1))
            if steps[1] == 32, slow == nil { slow = steps[0] }
        }
        let expected = Double(32) / Double(max(1, staleness))
        #expect(abs(Double(try #require(slow)) - expected) <= 2)
        #expect((0..<3).allSatisfy { simulation.statistics(of: PeerID($0)).steps == 32 })
        #expect(simulation.violations == [])
    }

    /// However late messages are, a peer gives only after it has got: on a regular graph its weight is never below its
    /// own share, nor a step on the de-biased model longer than that allows. A share that goes out in every step,
    /// whatever has come, would halve weights until models are no numbers.
    @Test(arguments: ["exponential", "directed-ring", "one-peer-exponential", "ring"], [0, 1, 2, 3, 7])
    func theWeightStaysAboveAPeersOwnShare(topology: String, staleness: Int) throws {
        var run = EveryAlgorithmTests.run("osgp", topology)
        run.options = Options(["staleness": .integer(staleness)])
        run.steps = 60
        run.stragglerDelay = [1: 3]
        // Four to thirteen steps late.
        run.network = TestNetwork(latencySeconds: 0.04, jitterSeconds: 0.09, loss: 0.05)
        let simulation = try run.simulation(targets: (0..<8).map { [Float($0) - 3.5] })
        let share = 1 / Double(1 + (try Graph(topology, peers: 8)).degree(of: 0))
        simulation.start()
        var least = 1.0
        while simulation.step() {
            for peer in 0..<8 {
                least = min(least, 1 / simulation.algorithm(of: PeerID(peer)).evaluated.weight)
            }
        }
        #expect(least > share - 1e-6, "\(least)")
        #expect(simulation.violations == [] && simulation.undeliveredCount == 0)
        for model in simulation.evaluated { #expect(abs(model[0]) < 3.6) }
        for peer in 0..<8 {
            #expect(simulation.statistics(of: PeerID(peer)).steps == 60)
            #expect(simulation.heldPayloadCount(of: PeerID(peer)) == 0)
        }
    }

    /// With one edge a round, those who have made their steps may have to be asked: nothing else tells them that one is
    /// still there that waits for their shares.
    @Test(arguments: [2, 5]) func whoHasFinishedAnswersOverOneEdgeARound(staleness: Int) throws {
        var run = EveryAlgorithmTests.run("osgp", "periodic")
        let edges: [OptionValue] = [(0, 1), (1, 2), (2, 3), (3, 0)].map {
            .list([.list([.integer($0), .integer($1)])])
        }
        run.topologyOptions = Options(["graphs": .list(edges), "directed": .boolean(true), "mixing": .text("uniform")])
        run.options = Options(["staleness": .integer(staleness)])
        run.steps = 40
        run.stragglerDelay = [0: 15]
        let simulation = try run.run(targets: [[1], [2], [4], [9]])
        #expect(simulation.violations == [] && simulation.undeliveredCount == 0)
        for peer in 0..<4 {
            #expect(simulation.statistics(of: PeerID(peer)).steps == 40)
            #expect(simulation.heldPayloadCount(of: PeerID(peer)) == 0)
        }
    }

    @Test(arguments: 0..<30) func massIsExactAfterEveryEvent(seed: UInt64) throws {
        var run = EveryAlgorithmTests.run("osgp", ["exponential", "star", "ring"][Int(seed % 3)])
        run.options = Options(["staleness": .integer(Int(seed % 4))])
        run.seed = seed
        run.steps = 40
        run.network = EveryAlgorithmTests.unruly
        run.stragglerDelay = [Int(seed % 8): 6]
        let simulation = try run.run(targets: (0..<8).map { [Float($0), Float(-$0)] })
        #expect(simulation.violations == [])
        #expect(simulation.undeliveredCount == 0)
        for peer in 0..<8 { #expect(simulation.statistics(of: PeerID(peer)).steps == 40) }
    }

    @Test func aNegativeStalenessIsRefused() throws {
        var run = EveryAlgorithmTests.run("osgp", "ring")
        run.options = Options(["staleness": .integer(-1)])
        let error = try #require(throws: ConfigurationError.self) { _ = try run.simulation(targets: [[1], [2]]) }
        #expect(error.key == "staleness")
    }
}
