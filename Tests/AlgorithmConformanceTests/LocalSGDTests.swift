import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing

@Suite struct LocalSGDTests {
    /// After every period all hold the same bits; in between each goes its own way, and nothing is sent.
    @Test(arguments: ["local-sgd", "slowmo", "diloco"]) func allAreAlikeAfterAPeriod(name: String) throws {
        for steps in UInt64(1)...9 {
            var run = EveryAlgorithmTests.run(name, "ring")
            run.steps = steps
            run.noise = 1
            run.network = EveryAlgorithmTests.unruly
            let simulation = try run.run(targets: (0..<5).map { [Float($0), 1, 2] })
            let models = simulation.models
            #expect(models.allSatisfy { $0 == models[0] } == (steps % 3 == 0))
            // The ring's average, 2 (n - 1) messages from each peer.
            for peer in 0..<5 { #expect(simulation.statistics(of: PeerID(peer)).messagesSent == Int(steps / 3) * 8) }
        }
    }

    /// With a period of 1 this is gradient descent along the mean gradient.
    @Test func aPeriodOfOneIsAllReduce() throws {
        var run = EveryAlgorithmTests.run("local-sgd", "ring")
        run.options = Options(["period": .integer(1)])
        run.steps = 3
        for model in try run.run(targets: [[1], [2], [4], [9]]).models { #expect(abs(model[0] - 1.084) < 1e-6) }
    }

    @Test func perSynIsAnotherName() throws {
        let setup = Setup(
            me: 0, peers: 2, seed: 1, graph: try Graph("ring", peers: 2), samples: 1, stepsPerEpoch: 1, steps: 1)
        #expect(try Algorithms.make("persyn", setup, options: Options(["period": .integer(4)])) is LocalSGD)
        #expect(Algorithms.traits("persyn").isLockStep)
        #expect(Algorithms.aliases.map(\.name) == ["persyn"])
        #expect(!Algorithms.all.map(\.name).contains("persyn"))
    }
}
