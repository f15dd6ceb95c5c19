import Configuration
import Gossip
import Runtime
import Simulator
import Testing

/// Peers that have the same model and no gradient stay where they are. Rounding would move them: a row of weights in
/// float32 does not add up to 1, and a momentum repeats in every step what it leaves behind.
@Suite struct DriftTests {
    /// Where the form of the rule allows no exact answer: push-sum scales its numerator and gives parts of it away
    /// before it knows what will come, so that each round rounds.
    private static let rounding: Set = ["sgp", "osgp"]

    /// Numbers whose thirds and sevenths float32 does not have, great ones beside small ones.
    private static let start: [Float] = [0.1, -3.7, 1234.567, 7e-3, -0.333]

    private func run(
        _ name: String, _ options: [String: OptionValue], _ topology: String, peers: Int
    ) throws -> [[Float]] {
        var run = EveryAlgorithmTests.run(name, topology)
        // Short periods, so that there are many of them, and momenta as they are by default.
        let known = try #require(Algorithms.all.first { $0.name == name }).options.map(\.name)
        let period: [String: OptionValue] = known.contains("period") ? ["period": .integer(3)] : [:]
        run.options = Options(period.merging(options) { $1 })
        run.curvature = 0
        run.steps = 3000
        run.starts = [[Float]](repeating: Self.start, count: peers)
        run.serverStart = Self.start
        let simulation = try run.run(targets: run.starts ?? [])
        #expect(simulation.violations == [])
        return simulation.evaluated
    }

    @Test(arguments: EveryAlgorithmTests.names, [("ring", 6), ("star", 7)])
    func equalModelsStay(name: String, world: (topology: String, peers: Int)) throws {
        let models = try run(name, [:], world.topology, peers: world.peers).prefix(world.peers)
        for model in models {
            guard Self.rounding.contains(name) else {
                #expect(model == Self.start)
                continue
            }
            for (number, start) in zip(model, Self.start) { #expect(abs(number / start - 1) < 1e-3) }
        }
    }

    @Test(arguments: Variant.lockStep + Variant.robust) func inEachVariantToo(variant: Variant) throws {
        for model in try run(variant.algorithm, variant.options, "complete", peers: 7).prefix(7) {
            #expect(model == Self.start)
        }
    }

    /// Halves are exact, so that push-sum is, too, where everybody sends to one other.
    @Test(arguments: ["sgp", "osgp"]) func halvesAreExact(name: String) throws {
        for model in try run(name, [:], "one-peer-exponential", peers: 7) { #expect(model == Self.start) }
    }
}
