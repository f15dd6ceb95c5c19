import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing

@Suite struct DownpourTests {
    private func run(period: Int, steps: UInt64) -> QuadraticRun {
        var run = EveryAlgorithmTests.run("downpour", "complete")
        run.options = Options(["period": .integer(period)])
        run.steps = steps
        return run
    }

    /// One worker descends as gradient descent does, whatever the period, and the server with it.
    @Test(arguments: [1, 2, 5, 7]) func oneWorkerDescends(period: Int) throws {
        var run = run(period: period, steps: 12)
        run.rate = 0.1
        let simulation = try run.run(targets: [[4]])
        let expected = 4 * (1 - (0..<12).reduce(1.0) { product, _ in product * 0.9 })
        for model in simulation.models { #expect(abs(Double(model[0]) - expected) < 1e-5) }
    }

    /// No step is lost or counted twice, whatever the network does: with a gradient of 1 everywhere the server falls by
    /// the rate for each of them.
    @Test(arguments: 0..<10) func theServerHasEveryStep(seed: UInt64) throws {
        var run = run(period: 3, steps: 40)
        run.rate = 0.01
        run.curvature = 1e-6
        run.seed = seed
        run.network = EveryAlgorithmTests.unruly
        let simulation = try run.run(targets: [[Float]](repeating: [-1e6], count: 5))
        #expect(abs(Double(simulation.models[5][0]) + 0.01 * 5 * 40) < 1e-3)
    }

    /// A push and a model every tau steps, and after the last.
    @Test func whatIsSent() throws {
        let simulation = try run(period: 4, steps: 10).run(targets: [[1, 2], [3, 4]])
        for peer in 0..<2 { #expect(simulation.statistics(of: PeerID(peer)).messagesSent == 3) }
        #expect(simulation.statistics(of: 2).messagesSent == 6)
        #expect(simulation.statistics(of: 2).bytesSent == 6 * 8)
        #expect(simulation.statistics(of: 2).steps == 0)
    }

    /// A push that comes back is pushed again when the server is there again.
    @Test func aReturnedPushIsPushedAgain() throws {
        let setup = Setup(
            me: 0, peers: 1, seed: 1, graph: try Graph("complete", peers: 1), samples: 1, stepsPerEpoch: 1, steps: 9)
        var worker = try Algorithms.make("downpour", setup, options: Options(["period": .integer(1)]))
        func effects(_ events: Event...) -> [Effect] {
            var effects = Effects()
            for event in events { worker.handle(event, now: .zero, &effects) }
            return effects.list
        }
        func sent(_ effects: [Effect]) -> [Vector?] {
            effects.compactMap { if case .send(let vector, _, _, _, _) = $0 { .some(vector) } else { nil } }
        }
        let share = PayloadID(rawValue: 3)
        #expect(sent(effects(.start, .gradientReady(loss: 1, learningRate: 1, samples: 1))) == [.named(0)])
        let back = effects(.returned(MessageID(rawValue: 1), share), .peerLeft(1))
        #expect(back.first == .combine(into: .named(0), part: nil, [Term(1, .received(share))]))
        #expect(sent(effects(.peerJoined(1))) == [.named(0)])
        // One that the server had is not.
        #expect(sent(effects(.peerLeft(1), .peerJoined(1))) == [nil])
    }
}
