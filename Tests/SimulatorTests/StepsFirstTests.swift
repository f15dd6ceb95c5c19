import Configuration
import Gossip
import TestKit
import Testing

@testable import Simulator

/// An algorithm that says so begins with the step when a gradient has come, whatever else it does of it.
@Suite struct StepsFirstTests {
    private static let algorithms =
        Algorithms.all.map { ($0.name, Options()) }.filter { Algorithms.traits($0.0).stepsFirst }
        + ["local-sgd", "gossip-push"].map { ($0, Options(["aggregation": .text("median")])) }

    @Test(arguments: algorithms) func theFirstEffectOfAGradientIsTheStep(_ name: String, options: Options) throws {
        let peers = name == "centralized" ? 1 : 4
        let log = EventLog()
        let world = try WorldPlan().world(name, options, peers: peers, steps: 50, log)
        world.start()
        world.runToEnd()
        var gradients = 0
        for entry in log.entries {
            guard case .gradientReady = entry.event else { continue }
            gradients += 1
            guard case .update? = entry.effects.first else {
                Issue.record("\(name) begins with \(entry.effects.first.map { $0.line } ?? "nothing")")
                return
            }
        }
        #expect(gradients == 50 * peers)
    }
}
