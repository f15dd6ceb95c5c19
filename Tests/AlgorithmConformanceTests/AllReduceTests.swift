import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing
import Vectors

@Suite struct AllReduceTests {
    private func run(
        targets: [[Float]], steps: UInt64, seed: UInt64 = 1, network: TestNetwork = TestNetwork()
    ) throws -> Simulation {
        var run = QuadraticRun()
        run.algorithm = "allreduce"
        run.steps = steps
        run.seed = seed
        run.network = network
        let simulation = try run.simulation(targets: targets)
        simulation.start()
        simulation.run()
        return simulation
    }

    /// docs/oracles.md, "The mean of four peers": methods that keep it follow .4, .76, 1.084.
    @Test(arguments: [(UInt64(1), 0.4), (2, 0.76), (3, 1.084)])
    func theMeanFollowsGradientDescent(steps: UInt64, expected: Double) throws {
        let simulation = try run(targets: [[1], [2], [4], [9]], steps: steps)
        for model in simulation.models { #expect(abs(Double(model[0]) - expected) <= 1e-6) }
    }

    /// Any number of peers, any length of vector, shorter than the peers are many too, on a network that loses, repeats
    /// and reorders: the models are equal to the bit and near the exact answer, and nothing is left over.
    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 13], [1, 3, 16, 50])
    func allPeersHoldTheSameBits(peers: Int, length: Int) throws {
        let targets: [[Float]] = (0..<peers).map { peer in
            (0..<length).map { index in
                let numerator = peer * 7 % 5 - index % 3
                return Float(numerator)
            }
        }
        let network = TestNetwork(latencySeconds: 0.002, jitterSeconds: 0.03, loss: 0.1, duplication: 0.1)
        let simulation = try run(targets: targets, steps: 20, seed: UInt64(peers), network: network)
        let models = simulation.models
        for model in models { #expect(model == models[0]) }
        let share = 1 - (0..<20).reduce(1.0) { product, _ in product * 0.9 }
        for index in 0..<length {
            let mean = targets.map { Double($0[index]) }.reduce(0, +) / Double(peers)
            #expect(abs(Double(models[0][index]) - share * mean) < 1e-5)
        }
        for peer in 0..<peers {
            #expect(simulation.isFinished(PeerID(peer)))
            #expect(simulation.heldPayloadCount(of: PeerID(peer)) == 0)
        }
    }

    /// 2 (n - 1) messages a step from each peer, which together carry 2 (n - 1) / n of the vector.
    @Test func theRingSendsTheLeastThatCanBeSent() throws {
        let simulation = try run(targets: [[Float]](repeating: [Float](repeating: 1, count: 60), count: 5), steps: 3)
        for peer in 0..<5 {
            #expect(simulation.statistics(of: PeerID(peer)).messagesSent == 3 * 8)
            #expect(simulation.statistics(of: PeerID(peer)).bytesSent == 3 * 8 * 12 * 4)
        }
    }
}
