import Configuration
import Gossip
import Runtime
import Simulator
import Testing

@Suite struct OverlapSGPTests {
    /// Next to a peer ten times slower the others are never more than the staleness and one step ahead, and are that
    /// far ahead at times; without the bound they would be nine tenths of the run ahead.
    @Test(arguments: [0, 1, 4]) func nobodyRunsAhead(staleness: Int) throws {
        var run = EveryAlgorithmTests.run("osgp", "complete")
        run.options = Options(["staleness": .integer(staleness)])
        run.steps = 30
        run.slowness = [0: 10]
        let simulation = try run.simulation(targets: [[1], [2], [3]])
        simulation.start()
        var most = 0
        while simulation.step() {
            let steps = (0..<3).map { Int(simulation.statistics(of: PeerID($0)).steps) }
            most = max(most, (steps.max() ?? 0) - (steps.min() ?? 0))
        }
        #expect(most == staleness + 1)
        #expect(simulation.violations == [])
    }

    /// A slow peer on a one-way ring, whose sender has long finished, goes on with a share in each round: battery seed
    /// 1795284376025, in which its weight fell to nothing and its model to no number.
    @Test func sharesOfRoundsAheadAreKept() throws {
        var run = EveryAlgorithmTests.run("osgp", "directed-ring")
        run.options = Options(["staleness": .integer(3)])
        run.steps = 65
        run.slowness = [1: 3]
        let simulation = try run.simulation(targets: (0..<8).map { [Float($0) - 3.5] })
        simulation.start()
        var least = 1.0
        while simulation.step() {
            for peer in 0..<8 { least = min(least, simulation.algorithm(of: PeerID(peer)).laws[0].held) }
        }
        #expect(least > 0.01)
        #expect(simulation.violations == [])
        for model in simulation.evaluated { #expect(abs(model[0]) < 4) }
    }

    @Test(arguments: 0..<30) func massIsExactAfterEveryEvent(seed: UInt64) throws {
        var run = EveryAlgorithmTests.run("osgp", ["exponential", "star", "ring"][Int(seed % 3)])
        run.options = Options(["staleness": .integer(Int(seed % 4))])
        run.seed = seed
        run.steps = 40
        run.network = EveryAlgorithmTests.unruly
        run.slowness = [Int(seed % 8): 6]
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
