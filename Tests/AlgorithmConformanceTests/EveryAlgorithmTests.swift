import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing

/// What is asked of every algorithm with peers, whatever else it does.
@Suite struct EveryAlgorithmTests {
    static let names = Algorithms.all.map(\.name).filter {
        $0 != "centralized" && Algorithms.traits($0).division == nil
    }
    static let lockStep = names.filter { Algorithms.traits($0).isLockStep }

    /// A network that loses, repeats and reorders.
    static let unruly = TestNetwork(latencySeconds: 0.004, jitterSeconds: 0.03, loss: 0.15, duplication: 0.1)

    /// Options that let short runs of few peers show what they are to show.
    private static let options: [String: [String: OptionValue]] = [
        "gosgd": ["probability": .number(0.5)], "aeasgd": ["period": .integer(3)], "local-sgd": ["period": .integer(3)],
        "slowmo": ["period": .integer(3)], "diloco": ["period": .integer(3), "outer_momentum": .number(0.5)],
        "noloco": ["period": .integer(3), "outer_momentum": .number(0.5)], "cdmsgd": ["momentum": .number(0.8)],
        "qg-dsgdm": ["momentum": .number(0.8)], "eamsgd": ["period": .integer(3), "momentum": .number(0.5)],
        "downpour": ["period": .integer(2)], "best-peer": ["samples": .integer(3)],
    ]

    /// A run of the algorithm on that graph, or on one like it that it takes.
    static func run(_ name: String, _ topology: String) -> QuadraticRun {
        var run = QuadraticRun()
        run.algorithm = name
        run.options = Options(options[name] ?? [:])
        let isSymmetric = Algorithms.traits(name).needs.contains(.symmetric)
        run.topology = isSymmetric && topology == "one-peer-exponential" ? "hypercube" : topology
        // The server moves by the sum of all workers' steps.
        if name == "downpour" { run.rate = 0.03 }
        if name == "d2" { run.topologyOptions = Options(["mixing": .text("lazy")]) }
        return run
    }

    /// Targets whose mean is 3, far apart.
    private func targets(_ peers: Int) -> [[Float]] {
        let values = (0..<peers).map { Float($0 * $0 % 7) }
        let mean = values.reduce(0, +) / Float(peers)
        return values.map { [$0 - mean + 3, -1] }
    }

    /// How far the mean of the models may be from the optimum. Where the sum of the models moves by gradients alone,
    /// these are of models of different age; where it does not, merging draws it about (GoSGD, pull gossip).
    private static func bias(_ name: String) -> Double {
        [
            "gosgd": 1.5, "grsgd": 1.5, "gossip-pull": 1, "gossip-push": 1, "mesbah": 1, "adpsgd": 0.32, "osgp": 0.3,
            "aeasgd": 0.3, "eamsgd": 0.3, "downpour": 0.6, "best-peer": 1,
        ][name] ?? 0.02
    }

    /// With any number of peers each makes its steps, nothing is left over, and together they find the optimum.
    @Test(arguments: names, [1, 2, 3, 5, 6, 8]) func anyNumberOfPeersLearns(name: String, peers: Int) throws {
        for topology in ["star", peers % 2 == 0 || name != "adpsgd" ? "ring" : "chain"] {
            var run = Self.run(name, topology)
            run.network = Self.unruly
            run.steps = 150
            run.seed = UInt64(peers)
            let simulation = try run.run(targets: targets(peers))
            #expect(simulation.violations == [])
            #expect(simulation.undeliveredCount == 0)
            for peer in (0..<simulation.peerCount).map({ PeerID($0) }) {
                #expect(simulation.isFinished(peer) && simulation.abandonment(of: peer) == nil)
                #expect(simulation.heldPayloadCount(of: peer) == 0)
                #expect(simulation.statistics(of: peer).steps == (peer.rawValue < peers ? 150 : 0))
            }
            let mean = simulation.evaluated.prefix(peers).map { Double($0[0]) }.reduce(0, +) / Double(peers)
            #expect(abs(mean - 3) < Self.bias(name), "\(topology): \(mean)")
            // What all want alike takes longer where models are merged that are many steps old.
            for model in simulation.evaluated { #expect(abs(model[1] + 1) < 0.2) }
        }
    }

    /// Who waits for whom does not depend on the network: the same bits with loss, repetition and reordering as
    /// without, and with a slow peer.
    @Test(arguments: lockStep, ["ring", "star", "one-peer-exponential", "complete"])
    func theNetworkChangesNoBit(name: String, topology: String) throws {
        var run = Self.run(name, topology)
        run.steps = 25
        run.noise = 0.5
        run.samples = [3, 1, 2, 1, 1, 4, 1, 1]
        if name == "fedavg" { run.options = Options(["fraction": .number(0.5), "local_epochs": .integer(2)]) }
        let targets = (0..<8).map { [Float($0 * $0 % 7), 1] }
        let calm = try run.run(targets: targets).evaluated
        for seed in 0..<4 {
            run.network = Self.unruly
            run.stragglerDelay = [seed: 5]
            #expect(try run.run(targets: targets).evaluated == calm)
        }
    }

    /// The same seed gives the same run.
    @Test(arguments: names) func aRunIsAFunctionOfItsSeed(name: String) throws {
        func digest(seed: UInt64) throws -> (UInt64, [[Float]]) {
            var run = Self.run(name, "ring")
            run.steps = 20
            run.seed = seed
            run.noise = 1
            run.network = Self.unruly
            let simulation = try run.run(targets: targets(6))
            return (simulation.statistics.digest, simulation.models)
        }
        let (one, same, other) = (try digest(seed: 1), try digest(seed: 1), try digest(seed: 2))
        #expect(one == same)
        #expect(one.1 != other.1)
    }

    /// A peer whose partners have made their steps long ago still makes its own: who has finished answers.
    @Test(arguments: names) func aSlowPeerIsAnswered(name: String) throws {
        var run = Self.run(name, "ring")
        run.steps = 30
        run.stragglerDelay = [2: 20]
        let simulation = try run.run(targets: targets(6))
        for peer in 0..<6 { #expect(simulation.statistics(of: PeerID(peer)).steps == 30) }
        #expect(simulation.violations == [])
    }

    @Test(arguments: names) func aStopEndsTheRun(name: String) throws {
        var run = Self.run(name, "ring")
        run.steps = 100_000
        let simulation = try run.simulation(targets: targets(4))
        for peer in 0..<simulation.peerCount {
            simulation.schedule(.event(.stop(afterStep: 12)), for: PeerID(peer), at: Time(seconds: 0.05))
        }
        simulation.start()
        simulation.run()
        for peer in 0..<simulation.peerCount {
            #expect(simulation.isFinished(PeerID(peer)))
            #expect(simulation.statistics(of: PeerID(peer)).steps <= 13)
        }
        #expect(simulation.violations == [])
    }
}
