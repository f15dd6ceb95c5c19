import Configuration
import Gossip
import Runtime
import Simulator
import Testing

@Suite struct EAMSGDTests {
    /// One worker with its minimum at 1, a rate of 0.1, alpha 0.9 and delta 0.5, by the rule in double precision.
    @Test func theRuleOfOneWorker() throws {
        var (x, v, server) = (0.0, 0.0, 0.0)
        for steps in UInt64(1)...12 {
            let force = steps % 2 == 1 ? 0.9 * (x - server) : 0
            v *= 0.5
            let point = x + v
            let gradient = point - 1
            x = point - force - 0.1 * gradient
            v -= 0.1 * gradient
            server += force
            var run = EveryAlgorithmTests.run("eamsgd", "complete")
            run.options = Options(["period": .integer(2), "momentum": .number(0.5)])
            run.steps = steps
            let simulation = try run.run(targets: [[1]])
            #expect(abs(Double(simulation.models[0][0]) - x) < 1e-6)
            #expect(abs(Double(simulation.models[1][0]) - server) < 1e-6)
        }
    }
}
