import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing

@Suite struct FedAvgTests {
    private func run(_ options: [String: OptionValue], steps: UInt64, samples: [Int]? = nil) -> QuadraticRun {
        var run = EveryAlgorithmTests.run("fedavg", "complete")
        run.options = Options(options)
        run.steps = steps
        run.samples = samples
        return run
    }

    /// All clients, one step a round: the mean of one step each is a step along the mean gradient.
    @Test(arguments: [(UInt64(1), 0.4), (2, 0.76), (3, 1.084)]) func withOneStepItIsGradientDescent(
        steps: UInt64, expected: Double
    ) throws {
        let simulation = try run([:], steps: steps).run(targets: [[1], [2], [4], [9]])
        // At the end everybody has the server's model.
        for model in simulation.models { #expect(abs(Double(model[0]) - expected) <= 1e-6) }
    }

    /// Client k has n_k samples, and as many steps an epoch: one round of two epochs, worked out by hand.
    @Test func clientsCountByTheirSamples() throws {
        let samples = [1, 2, 5]
        let simulation = try run(["local_epochs": .integer(2)], steps: 1, samples: samples).run(targets: [
            [1], [2], [4],
        ])
        func local(_ target: Double, _ steps: Int) -> Double {
            target * (1 - (0..<steps).reduce(1.0) { product, _ in product * 0.9 })
        }
        let expected = (local(1, 2) + 2 * local(2, 4) + 5 * local(4, 10)) / 8
        for model in simulation.models { #expect(abs(Double(model[0]) - expected) < 1e-6) }
        #expect((0..<3).map { simulation.statistics(of: PeerID($0)).steps } == [2, 4, 10])
    }

    /// A quarter of eight clients trains in each round, and in the end they have made the steps on average; who trains
    /// is drawn again, and nobody else computes or is sent anything but the end.
    @Test func aFractionTrainsInEachRound() throws {
        let simulation = try run(["fraction": .number(0.25)], steps: 50).run(targets: (0..<8).map { [Float($0)] })
        let steps = (0..<8).map { Int(simulation.statistics(of: PeerID($0)).steps) }
        #expect(steps.reduce(0, +) == 400)
        #expect(steps.allSatisfy { (20...80).contains($0) } && Set(steps).count > 1)
        #expect(simulation.statistics(of: 8).messagesSent == 400 + 8)
        for peer in 0..<8 { #expect(simulation.statistics(of: PeerID(peer)).messagesSent == steps[peer]) }
    }

    /// At least one client trains, and none of them is asked twice.
    @Test(arguments: [(0.0, 1), (0.1, 1), (0.49, 1), (0.5, 2), (1.0, 3)]) func howManyTrain(
        fraction: Double, expected: Int
    ) throws {
        let setup = Setup(
            me: 3, peers: 3, seed: 4, graph: try Graph("complete", peers: 3), samples: 0, stepsPerEpoch: 0, steps: 5)
        var server = try Algorithms.make("fedavg", setup, options: Options(["fraction": .number(fraction)]))
        var effects = Effects()
        server.handle(.start, now: .zero, &effects)
        let drawn = effects.list.compactMap { if case .send(_, _, _, let peer, _) = $0 { peer } else { nil } }
        #expect(drawn.count == expected && Set(drawn).count == expected)
    }

    /// The optimizer forgets at the start of every round.
    @Test func theOptimizerBeginsAnew() throws {
        let setup = Setup(
            me: 0, peers: 1, seed: 4, graph: try Graph("complete", peers: 1), samples: 3, stepsPerEpoch: 2, steps: 5)
        var client = try Algorithms.make("fedavg", setup, options: Options())
        let payload = PayloadID(rawValue: 1)
        var effects = Effects()
        client.handle(.received(payload, metadata: Metadata(), from: 1), now: .zero, &effects)
        #expect(
            effects.list == [
                .keep(payload), .combine(into: .model, part: nil, [Term(1, .received(payload))]), .release(payload),
                .resetOptimizer,
                .gradient(at: Term(1, .model)),
            ])
        effects.removeAll()
        for _ in 0..<2 {
            client.handle(.gradientReady(loss: 0, learningRate: 0, samples: 1), now: .zero, &effects)
        }
        #expect(
            effects.list == [
                .update, .gradient(at: Term(1, .model)), .update,
                .send(.model, part: nil, metadata: Metadata(round: 2, weight: 3), to: 1, id: MessageID(rawValue: 1)),
            ])
    }
}
