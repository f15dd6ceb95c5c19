import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing
import Vectors

@Suite struct DPSGDTests {
    private func run(
        _ order: String, steps: UInt64, topology: String = "ring", peers: Int = 4, rate: Float = 0.1,
        seed: UInt64 = 1, network: TestNetwork = TestNetwork()
    ) throws -> Simulation {
        var run = QuadraticRun()
        run.algorithm = "dpsgd"
        run.options = Options(["order": .text(order)])
        run.topology = topology
        run.steps = steps
        run.rate = rate
        run.seed = seed
        run.network = network
        let targets: [[Float]] = peers == 4 ? [[1], [2], [4], [9]] : (0..<peers).map { [Float($0 * $0 % 7)] }
        let simulation = try run.simulation(targets: targets)
        simulation.start()
        simulation.run()
        return simulation
    }

    /// Who waits for whom does not depend on the network: the same bits with loss, repetition and reordering as
    /// without.
    @Test(arguments: ["combine-then-adapt", "adapt-then-combine"], ["ring", "torus", "one-peer-exponential", "star"])
    func theNetworkChangesNoBit(order: String, topology: String) throws {
        guard Topologies.all.contains(where: { $0.name == topology }) else { return }
        let calm = try run(order, steps: 30, topology: topology, peers: 8).models
        for seed in UInt64(0)..<5 {
            let network = TestNetwork(latencySeconds: 0.002, jitterSeconds: 0.05, loss: 0.2, duplication: 0.1)
            let simulation = try run(order, steps: 30, topology: topology, peers: 8, seed: seed, network: network)
            #expect(simulation.models == calm)
            for peer in 0..<8 { #expect(simulation.heldPayloadCount(of: PeerID(peer)) == 0) }
        }
    }

    /// With any number of peers the mean descends as gradient descent does: mixing moves no mean.
    @Test(arguments: 1...9)
    func mixingKeepsTheMean(peers: Int) throws {
        let simulation = try run("combine-then-adapt", steps: 20, peers: peers)
        let mean = simulation.models.map { Double($0[0]) }.reduce(0, +) / Double(peers)
        let targets = peers == 4 ? [1, 2, 4, 9] : (0..<peers).map { $0 * $0 % 7 }
        let share = 1 - (0..<20).reduce(1.0) { product, _ in product * 0.9 }
        let expected = share * Double(targets.reduce(0, +)) / Double(peers)
        #expect(abs(mean - expected) < 1e-5)
    }
}
