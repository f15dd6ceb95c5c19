import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import TestKit
import Testing
import Vectors

@Suite struct CentralizedTests {
    @Test func onePeerDescendsAsGradientDescentDoes() throws {
        var run = QuadraticRun()
        run.algorithm = "centralized"
        run.steps = 3
        let simulation = try run.simulation(targets: [[4]])
        simulation.start()
        simulation.run()
        // docs/oracles.md, "The mean of four peers": .4, .76, 1.084 for the targets' mean 4.
        #expect(abs(simulation.models[0][0] - 1.084) < 1e-6)
        #expect(simulation.isFinished(0))
        #expect(simulation.statistics(of: 0).steps == 3)
    }

    @Test func twoPeersAreRefused() {
        #expect(throws: ConfigurationError.self) {
            var run = QuadraticRun()
            run.algorithm = "centralized"
            _ = try run.simulation(targets: [[1], [2]])
        }
    }

    /// The gradient is taken at the model as it was when asked for, whatever happens to it meanwhile.
    @Test func aGradientReadsItsVectorWhenItIsAskedFor() throws {
        let simulation = Simulation(peers: 1, try TestNetwork().settings(peers: 1))
        simulation.add(
            Meddling(), model: FlatVector([1]), learner: QuadraticLearner(target: [0]),
            localOptimizer: PlainOptimizer(rate: 1)
        ) { _ in 1 }
        simulation.start()
        simulation.schedule(.timer(.algorithm(TimerID(rawValue: 1))), for: 0, at: Time(seconds: 0.5))
        simulation.run()
        // Asked for at x = 1, so g = 1; x was doubled meanwhile, so x = 2 - 1.
        #expect(simulation.models[0] == [1])
    }
}

/// Doubles its model while the gradient is being computed.
private struct Meddling: Algorithm {
    static let description = Description(name: "meddling", summary: "")

    init() {}
    init(_ setup: Setup, options: Options) throws(ConfigurationError) {}

    mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start: effects.gradient()
        case .timer: effects.combine(into: .model, Term(2, .model))
        case .gradientReady:
            effects.update()
            effects.finish()
        default: break
        }
    }
}
