import CMurmur
import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Vectors

/// Many of the caller's models in virtual time, on the caller's thread: from its settings to its end.
final class CalledSimulation {
    /// Events between two looks whether one of the caller's functions has failed.
    private static let lap = 64

    let plan: SimulationPlan
    let callbacks: LearningCallbacks
    private let keepsOwnStart: Bool
    private let pool = PayloadPool()
    private var models: [SimulatedTensors] = []
    /// The learners' halves of the world; empty before it begins.
    private var callers: [CalledPeer] = []
    /// The world; nil before its first event.
    private(set) var world: Simulation?
    /// Why it is over; nil as long as it goes on.
    private(set) var ending: Ending?

    /// How a simulation ended.
    enum Ending: Equatable {
        /// Nothing was left to happen, and all promises held.
        case completed
        /// A promise broke: the world's first violation.
        case violated(String)
        /// A peer came to numbers that are not finite.
        case diverged(String)
        /// A peer could not go on.
        case abandoned(String)
    }

    init(_ plan: SimulationPlan, _ callbacks: LearningCallbacks, keepsOwnStart: Bool) throws(ConfigurationError) {
        self.plan = plan
        self.callbacks = callbacks
        self.keepsOwnStart = keepsOwnStart
        if plan.hasRestarts, !callbacks.savesPeers {
            throw ConfigurationError(
                key: "faults",
                "peers that come back after a crash must have been saved; give the functions save and restore")
        }
        if plan.algorithm.traits.needsScores, !callbacks.scores {
            throw ConfigurationError(
                key: "algorithm", "\(plan.algorithm.name) has models scored; give the function score")
        }
    }

    /// Adds the next learner. Throws for tensors that are not those of the others, and for one too many.
    func add(_ tensors: SimulatedTensors) throws(ConfigurationError) {
        guard models.count < plan.peers, world == nil else {
            throw ConfigurationError(key: "peers", "all \(plan.peers) learners are there already")
        }
        if let first = models.first, let difference = tensors.difference(of: models.count, from: first) {
            throw ConfigurationError(key: nil, difference)
        }
        models.append(tensors)
    }

    /// Handles up to so many events; true when the simulation is over. Throws where it cannot begin.
    func run(events: Int) throws(ConfigurationError) -> Bool {
        if world == nil { try begin() }
        guard let world else { return true }
        var left = events
        while ending == nil, callbacks.failure == nil, left > 0 {
            let count = min(Self.lap, left)
            let isOver = world.runOn(events: count, until: .distantFuture)
            left -= count
            if isOver, callbacks.failure == nil { end(world) }
        }
        return ending != nil
    }

    private func end(_ world: Simulation) {
        if let reason = (0..<world.peerCount).lazy.compactMap({ world.abandonment(of: PeerID($0)) }).first {
            ending = .abandoned(reason)
        } else if let divergence = world.divergence {
            ending = .diverged("peer \(divergence.peer) has diverged in step \(divergence.step)")
        } else {
            world.checkEnd()
            ending = .completed
        }
        if let violation = world.violations.first, ending == .completed { ending = .violated(violation.what) }
    }

    private func begin() throws(ConfigurationError) {
        guard models.count == plan.peers, let first = models.first else {
            throw ConfigurationError(
                key: "peers", "\(models.count) learners were added, and there are to be \(plan.peers)")
        }
        if let overlap = SimulatedTensors.overlap(models) { throw ConfigurationError(key: nil, overlap) }
        let settings = try plan.settings(count: first.count)
        let world = Simulation(peers: plan.peers, settings)
        let (traits, extents) = (plan.algorithm.traits, first.extents)
        let links = try plan.links(first.layout)
        let absent = TensorMemory([], counts: [])
        let peers = (0..<plan.nodes).map { number in
            CalledPeer(
                UInt32(number), number < models.count ? models[number].memory : absent, callbacks,
                readsGradient: traits.readsGradient, pool: pool)
        }
        for (number, peer) in peers.enumerated() {
            let start = keepsOwnStart && number < models.count ? peer : peers[0]
            let scorer = traits.needsScores ? CalledScorer(peer: peer, byLoss: traits.scoresByLoss) : nil
            world.add(
                try plan.algorithm(of: number, under: settings.faults, extents: extents), model: start.model(),
                learner: CalledLearner(peer: peer), localOptimizer: CalledOptimizer(peer: peer), scorer: scorer,
                links: links)
        }
        callers = Array(peers.prefix(plan.peers))
        self.world = world
        world.start()
    }

    // MARK: Models

    /// The learners that are there.
    var survivors: [PeerID] { (0..<plan.peers).map { PeerID($0) }.filter { world?.isAlive($0) ?? false } }

    /// What is tested and saved of a peer; before the world begins what its tensors hold. Nil where there is no such
    /// peer.
    func model(of peer: Int) -> Payload? {
        guard let world else {
            guard models.indices.contains(peer) else { return nil }
            return pool.payload(count: models[peer].count) { models[peer].memory.read(into: &$0) }
        }
        return (0..<world.peerCount).contains(peer) ? world.snapshot(of: PeerID(peer)) : nil
    }

    /// The average of the models of all learners that live, or the first server's; nil before the world begins.
    func consensus() -> Payload? {
        guard let world else { return nil }
        if plan.nodes > plan.peers { return world.snapshot(of: PeerID(plan.peers)) }
        guard let mean = mean() else { return nil }
        return Payload(mean.map { Float($0) })
    }

    /// The average in float64; nil where nobody lives.
    func mean() -> [Double]? {
        guard let world, let first = models.first, !survivors.isEmpty else { return nil }
        var sum = [Double](repeating: 0, count: first.count)
        for peer in survivors {
            world.snapshot(of: peer).read { model in
                for index in model.indices { sum[index] += Double(model[index]) }
            }
        }
        let share = 1 / Double(survivors.count)
        return sum.map { $0 * share }
    }

    /// Puts each learner's model into its tensors.
    func putModels() {
        guard let world else { return }
        for (number, peer) in callers.enumerated() {
            peer.put(world.snapshot(of: PeerID(number)))
            // What the caller makes of it is the caller's.
            peer.forget()
        }
    }

    /// The caller may have written the tensors since the last run.
    func forgetTensors() {
        for peer in callers { peer.forget() }
    }
}
