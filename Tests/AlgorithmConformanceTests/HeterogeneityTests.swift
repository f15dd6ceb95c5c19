import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing

/// Objectives whose minima lie far apart, exact gradients and a constant rate: who is exact, and who keeps a distance.
@Suite struct HeterogeneityTests {
    private func distance(_ name: String, _ topology: String, _ options: [String: OptionValue] = [:]) throws -> Double {
        var run = EveryAlgorithmTests.run(name, topology)
        if !options.isEmpty { run.options = Options(options) }
        run.steps = 600
        run.network = EveryAlgorithmTests.unruly
        let simulation = try run.run(targets: (0..<6).map { [Float($0 * $0)] })
        return simulation.evaluated.map { abs(Double($0[0]) - 55.0 / 6) }.max() ?? .nan
    }

    @Test(arguments: ["d2", "exact-diffusion", "extra"], ["ring", "chain", "star", "complete"])
    func theseAreExact(name: String, topology: String) throws {
        let distance = try distance(name, topology)
        #expect(distance < 2e-3, "\(distance)")
    }

    @Test(arguments: ["chain", "binary", "double-binary"], ["own", "start"])
    func relayedSumsAreExact(tree: String, missing: String) throws {
        #expect(try distance("relaysgd", "ring", ["tree": .text(tree), "missing": .text(missing)]) < 1e-3)
    }

    @Test(arguments: ["dpsgd", "cdsgd", "cdmsgd", "decentlam"]) func theseKeepADistance(name: String) throws {
        #expect(try distance(name, "chain") > 0.5)
    }

    /// The corrections of all peers sum up to nothing, after every round.
    @Test(arguments: ["d2", "exact-diffusion"]) func correctionsBalance(name: String) throws {
        var run = EveryAlgorithmTests.run(name, "ring")
        run.noise = 1
        for steps in UInt64(1)...20 {
            run.steps = steps
            let simulation = try run.run(targets: (0..<5).map { [Float($0 * $0)] })
            let sum = (0..<5).map { Double(simulation.values(of: .named(1), peer: PeerID($0))[0]) }.reduce(0, +)
            #expect(abs(sum) < 1e-4)
        }
    }
}
