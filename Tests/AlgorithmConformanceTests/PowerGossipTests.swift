import Configuration
import Datasets
import Gossip
import Graphs
import Randomness
import Records
import Runtime
import Simulator
import Testing

@testable import Experiments
@testable import Runs
@testable import Training
@testable import Workloads

@Suite struct PowerGossipTests {
    private func run(_ algorithm: String, _ settings: String...) throws -> Summary {
        let overrides =
            [
                "data.name=synthetic", "data.samples=2000", "model.name=mlp", "batch=25", "peers=4", "epochs=4",
                "topology.name=ring", "algorithm.name=\(algorithm)",
            ] + settings
        let loaded = try LoadedExperiment(file: nil, overrides: overrides, registries: .all)
        let plan = try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
        return try TrainingRun(plan, metrics: nil).run().summary
    }

    /// Peers stay together nearly as well by a few directions as by whole models, for a small part of the bytes.
    @Test func fewDirectionsKeepPeersTogether() throws {
        let whole = try run("dpsgd", "algorithm.order=adapt-then-combine")
        let few = try run("powergossip")
        #expect(Double(few.bytesSent) < 0.1 * Double(whole.bytesSent))
        let accuracy = (try #require(whole.evaluatedAccuracy), try #require(few.evaluatedAccuracy))
        #expect(accuracy.1 > accuracy.0 - 0.02)
    }

    @Test func aRankOfNothingIsRefused() {
        #expect(throws: ExperimentError.self) { _ = try run("powergossip", "algorithm.rank=0") }
    }

    /// A run in virtual time of peers whose models are a matrix and a row.
    private func quadratic(rank: Int, steps: UInt64, rate: Float, network: TestNetwork = TestNetwork()) throws
        -> Simulation
    {
        var run = QuadraticRun()
        run.algorithm = "powergossip"
        run.options = Options(["rank": .integer(rank)])
        run.topology = "ring"
        run.tensors = [Factoring.Extent(rows: 12, columns: 9), Factoring.Extent(rows: 1, columns: 5)]
        run.steps = steps
        run.rate = rate
        run.network = network
        run.starts = (0..<5).map { peer in
            var stream = RandomStream(seed: 3, purpose: .test, peer: peer)
            return (0..<113).map { _ in Float(stream.normal()) }
        }
        return try run.run(targets: run.starts ?? [])
    }

    private func spread(_ models: [[Float]]) -> Double {
        (0..<models[0].count).reduce(0) { sum, index in
            let column = models.map { Double($0[index]) }
            let mean = column.reduce(0, +) / Double(column.count)
            return sum + column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
    }

    /// Without gradients peers come to their mean, which stays where it is.
    @Test(arguments: [1, 3]) func peersComeToTheirMean(rank: Int) throws {
        let start = try quadratic(rank: rank, steps: 1, rate: 0).models
        let end = try quadratic(rank: rank, steps: 300, rate: 0).models
        #expect(spread(end) < 1e-4 * spread(start))
        for index in 0..<113 {
            let means = [start, end].map { models in models.reduce(0) { $0 + Double($1[index]) } / 5 }
            #expect(abs(means[0] - means[1]) < 1e-5)
        }
    }

    /// Who waits for whom does not depend on the network: the same bits with loss, repetition and reordering.
    @Test func theNetworkChangesNoBit() throws {
        let calm = try quadratic(rank: 2, steps: 30, rate: 0.1).models
        let wild = TestNetwork(latencySeconds: 0.002, jitterSeconds: 0.05, loss: 0.2, duplication: 0.1)
        #expect(try quadratic(rank: 2, steps: 30, rate: 0.1, network: wild).models == calm)
    }

    /// A peer may die before or after it has sent its product, and before or after it was sent one.
    @Test(arguments: ["ring", "complete"]) func theOthersGoOnWithoutADeadPeer(topology: String) throws {
        for seed in UInt64(0)..<20 {
            var run = QuadraticRun()
            run.algorithm = "powergossip"
            run.topology = topology
            run.tensors = [Factoring.Extent(rows: 9, columns: 8), Factoring.Extent(rows: 1, columns: 4)]
            run.steps = 40
            run.seed = seed
            run.network = EveryAlgorithmTests.unruly
            let dead = Int(seed % 6)
            let simulation = try run.simulation(targets: (0..<6).map { [Float](repeating: Float($0), count: 76) })
            simulation.start()
            simulation.run(until: Time(seconds: 0.05 + 0.007 * Double(seed)))
            simulation.crash(PeerID(dead))
            simulation.run()
            #expect(simulation.violations == [])
            for peer in (0..<6).map({ PeerID($0) }) where peer.rawValue != dead {
                #expect(simulation.abandonment(of: peer) == nil && simulation.statistics(of: peer).steps == 40)
                #expect(simulation.heldPayloadCount(of: peer) == 0)
            }
        }
    }
}
