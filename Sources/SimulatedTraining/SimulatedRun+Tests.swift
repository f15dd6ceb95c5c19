import Experiments
import Gossip
import Graphs
import Records
import Runs
import Runtime
import Simulator
import Vectors
import Workloads

/// How well the models do: on the way where records are kept, and at the end.
extension SimulatedRun {
    /// Whether models are tested before the end.
    var hasTestsOnTheWay: Bool {
        let target = plan.experiment.evaluate.targetAccuracy != nil
        return (metrics != nil || target)
            && plan.workload.modelCount(peers: plan.experiment.peers) <= Self.testedPeersLimit
    }

    /// Keeps a peer's model for a test after an event, if one is due, and makes the tests for which everybody who lives
    /// and took part has handed in a model.
    func take(_ peer: PeerID, step: UInt64?) {
        guard failure == nil, roundAtTarget == nil else { return }
        let due = turns[peer.rawValue].take(step, world.algorithm(of: peer))
        guard !due.isEmpty else { return }
        let model = world.snapshot(of: peer)
        for step in due {
            rounds.submit(
                TestRounds.Snapshot(peer: peer, model: model, samples: world.statistics(of: peer).samples), step: step)
        }
        do {
            while roundAtTarget == nil, let round = rounds.takeFirst(awaiting: awaited) { try test(round) }
        } catch {
            failure = error
        }
    }

    /// Whose models a test waits for.
    private func awaited(_ step: UInt64) -> [PeerID] {
        (0..<plan.nodes).map { PeerID($0) }.filter {
            world.isAlive($0) && world.algorithm(of: $0).stepsMissed < step
        }
    }

    private func test(_ round: TestRounds.Round) throws {
        try aside {
            let tested = try evaluation.test(round, time: world.now.seconds, metrics)
            try writeNetwork(step: round.step)
            guard tested.hasReachedTarget, plan.experiment.evaluate.stopAtTarget else { return }
            roundAtTarget = tested
            stop()
        }
    }

    /// Tests the models as they are at the end: each one's and their average, or of thousands the average alone. A run
    /// that a test has ended came to what was tested then.
    func testAtEnd(_ ending: RunEnding) throws -> RunEvaluation.Round {
        if let roundAtTarget { return roundAtTarget }
        // Some learners may never have come as far as a test, such as clients that a server did not draw any more.
        while ending == .completed, let round = rounds.takeFirst(awaiting: { _ in [] }) { try test(round) }
        let steps = stepsOfLearners.max() ?? 0
        let samples = learners.map { world.statistics(of: $0).samples }
        let survivors = survivors
        let isEachTested =
            learners.count <= Self.testedPeersLimit || plan.workload.showsModels || plan.workload.division != nil
        let parts = isEachTested ? survivors.map { (peer: $0.rawValue, model: world.snapshot(of: $0)) } : []
        let models = plan.workload.wholeModels(of: parts)
        let consensus =
            isEachTested
            ? Consensus(of: models.map(\.model))
            : Consensus(count: plan.layout.count, models: survivors.count) { world.snapshot(of: survivors[$0]) }
        let round = try evaluation.test(
            models, consensus: consensus, server: server, samples: samples, step: steps,
            time: world.now.seconds, metrics)
        try writeNetwork(step: steps)
        return round
    }

    /// The learners that are alive.
    var survivors: [PeerID] { learners.filter(world.isAlive) }

    private var server: Payload? {
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
        world.isOpen = false
        let last = RunLength.lastStep(furthest: stepsOfLearners.max() ?? 0, isLockStep: plan.isLockStep)
        for peer in 0..<world.peerCount {
            world.schedule(.event(.stop(afterStep: last)), for: PeerID(peer), at: world.now)
        }
    }
}
