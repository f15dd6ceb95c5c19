import Conditions
import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Vectors

/// Tries an algorithm in a world that a seed draws, and asks what must hold of any algorithm: the simulator's promises,
/// steps made, nothing left over, and the same run twice. What theory says of one alone nobody can ask here.
struct AlgorithmCheck {
    private let algorithm: AlgorithmChoice
    private let drawn: CheckWorld
    /// What is wrong, a sentence each; empty where all promises held.
    private(set) var complaints: [String] = []

    /// Runs the world. Throws for an algorithm that cannot be, or that takes none of the graphs.
    init(_ algorithm: AlgorithmChoice, seed: UInt64, isWild: Bool) throws(ConfigurationError) {
        self.algorithm = algorithm
        drawn = try CheckWorld(algorithm, seed: seed, isWild: isWild)
        let world = try run(drawn)
        complaints = world.violations.map { "violation: \($0)" }
        if let divergence = world.divergence {
            complaints.append("violation: peer \(divergence.peer) has diverged in step \(divergence.step)")
        }
        guard complaints.isEmpty else { return }
        checkEnds(world)
        guard complaints.isEmpty else { return }
        let again = try run(drawn)
        if again.statistics.digest != world.statistics.digest || !Self.areSame(again, world) {
            complaints.append("repetition: the same seed gave another run; draw from the run's seed alone")
        }
        let isWhole = drawn.faults.joiners.isEmpty && !drawn.faults.faults.contains { $0.kind == .crash }
        guard algorithm.isForeign, algorithm.traits.isLockStep, isWhole else { return }
        if !Self.areSame(try run(try drawn.quiet()), world) {
            complaints.append(
                "bits: the peers wait for each other, and came to something that depends on who was quicker; mix in "
                    + "the order of the peers, not of their messages")
        }
    }

    /// What was tried, and what came of it.
    var record: JSON {
        .object([("complaints", .array(complaints.map(JSON.string))), ("world", drawn.record)])
    }

    private func run(_ drawn: CheckWorld) throws(ConfigurationError) -> Simulation {
        let world = Simulation(peers: drawn.peers, try drawn.settings(algorithm))
        let scorer = algorithm.traits.needsScores ? NearnessScorer(target: drawn.targets[0]) : nil
        for peer in 0..<(drawn.peers + algorithm.traits.servers) {
            let place = peer < drawn.peers ? peer : 0
            world.add(
                try algorithm.make(drawn.setup(peer)), model: FlatVector(drawn.starts[place].map { Float($0) }),
                learner: CheckLearner(
                    target: drawn.targets[place], curvature: drawn.curvature, noise: drawn.noise, seed: drawn.seed,
                    peer: peer),
                localOptimizer: CheckOptimizer(rate: CheckWorld.rate), scorer: scorer)
        }
        world.start()
        while !world.runOn(events: 10_000, until: .distantFuture) {}
        world.checkEnd()
        return world
    }

    private mutating func checkEnds(_ world: Simulation) {
        let nodes = (0..<world.peerCount).map { PeerID($0) }
        for peer in nodes {
            // Only what is promised to be lived through goes wrong.
            if let reason = world.abandonment(of: peer) { complaints.append("abandonment: peer \(peer): \(reason)") }
        }
        guard complaints.isEmpty else { return }
        for peer in nodes.prefix(drawn.peers) where world.isAlive(peer) && algorithm.traits.servers == 0 {
            let steps = world.statistics(of: peer).steps
            // Who joins those who wait for each other makes the steps that are left.
            let isLate = algorithm.traits.isLockStep && drawn.faults.joiners[peer] != nil
            guard isLate ? steps > drawn.steps : steps != drawn.steps else { continue }
            complaints.append("steps: peer \(peer) has made \(steps) steps of \(drawn.steps)")
        }
        if world.undeliveredCount > 0 { complaints.append("left over: \(world.undeliveredCount) messages") }
        if abs(world.massInFlight) > 1e-9 { complaints.append("left over: mass \(world.massInFlight) under way") }
        if !drawn.faults.faults.contains(where: { $0.kind == .crash }), abs(world.lostMass) > 1e-9 {
            complaints.append("left over: mass \(world.lostMass) lost although nobody died")
        }
    }

    private static func areSame(_ one: Simulation, _ other: Simulation) -> Bool {
        (0..<one.peerCount).allSatisfy { peer in
            zip(one.evaluated(PeerID(peer)), other.evaluated(PeerID(peer))).allSatisfy { $0 == $1 }
        }
    }
}
