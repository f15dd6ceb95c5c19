import Gossip
import Runtime
import Simulator
import Training
import Vectors

/// How well the models do: on the way where records are kept, and at the end.
extension SimulatedRun {
    /// Whether models are tested before the end.
    var hasTestsOnTheWay: Bool {
        let target = plan.experiment.evaluate.targetAccuracy != nil
        return (metrics != nil || target) && plan.experiment.peers <= Self.testedPeersLimit
    }

    /// Keeps a peer's model for the test after this step, if there is one, and tests the rounds of which every learner
    /// that lives and took part has handed in its model.
    func take(_ peer: PeerID, step: UInt64) {
        guard peer.rawValue < plan.experiment.peers, failure == nil else { return }
        let schedule = EvaluationSchedule(
            everyEpochs: plan.experiment.evaluate.everyEpochs, stepsPerEpoch: plan.stepsPerEpoch, steps: plan.steps)
        guard schedule.isDue(step) else { return }
        rounds[step, default: [:]][peer] = world.snapshot(of: peer)
        let living = survivors.map { (peer: $0, missed: world.algorithm(of: $0).stepsMissed) }
        for (step, models) in rounds.sorted(by: { $0.key < $1.key })
        where living.allSatisfy({ models[$0.peer] != nil || $0.missed >= step }) {
            rounds[step] = nil
            do {
                try aside { try test(models, step: step) }
            } catch {
                failure = error
            }
        }
    }

    private func test(_ models: [PeerID: Payload], step: UInt64) throws {
        let peers = models.keys.sorted()
        let round = try evaluation.test(
            peers.compactMap { models[$0] }, of: peers.map(\.rawValue), centre: centre,
            samples: learners.map { world.statistics(of: $0).samples }, step: step, time: world.now.seconds, metrics)
        try writeNetwork(step: step)
        if round.hasReachedTarget, plan.experiment.evaluate.stopAtTarget { stop() }
    }

    /// Tests the models as they are at the end: each one's and their average, or of thousands the average alone.
    func testAtEnd() throws -> RunEvaluation.Round {
        let steps = stepsOfLearners.max() ?? 0
        let samples = learners.map { world.statistics(of: $0).samples }
        let survivors = survivors
        let isEachTested = learners.count <= Self.testedPeersLimit || plan.workload.showsModels
        let models = isEachTested ? survivors.map(world.snapshot(of:)) : []
        let consensus =
            isEachTested
            ? Consensus(of: models)
            : Consensus(count: plan.layout.count, models: survivors.count) { world.snapshot(of: survivors[$0]) }
        let round = try evaluation.test(
            models, of: survivors.map(\.rawValue), consensus: consensus, centre: centre, samples: samples, step: steps,
            time: world.now.seconds, metrics)
        try writeNetwork(step: steps)
        return round
    }

    /// The learners that are alive.
    var survivors: [PeerID] { learners.filter(world.isAlive) }

    private var centre: Payload? {
        plan.servers > 0 ? world.snapshot(of: PeerID(plan.nodes - 1)) : nil
    }

    private func writeNetwork(step: UInt64) throws {
        let statistics = (0..<world.peerCount).map { world.statistics(of: PeerID($0)) }
        try metrics?.write(
            .network(
                step: Int(step), time: world.now.seconds, messages: statistics.map(\.messagesSent).reduce(0, +),
                bytes: statistics.map(\.bytesSent).reduce(0, +)))
    }

    /// Has every peer end soon; after one and the same step where they wait for each other.
    private func stop() {
        isStopping = true
        world.isOpen = false
        let last = plan.isLockStep ? (stepsOfLearners.max() ?? 0) + 2 : 0
        for peer in 0..<world.peerCount { world.schedule(.stop(afterStep: last), for: PeerID(peer), at: world.now) }
    }
}
