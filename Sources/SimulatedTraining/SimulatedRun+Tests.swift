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

    /// Has what there is to record or test looked for after every event.
    func watchSteps() {
        guard hasTestsOnTheWay else { return }
        let isTestedBySteps = plan.experiment.simulation.testEveryMilliseconds == nil
        if isTestedBySteps {
            turns = (0..<plan.nodes).map {
                TestTurns(
                    plan.testSchedule, of: PeerID($0), isServer: $0 >= plan.experiment.peers,
                    world.algorithm(of: PeerID($0)))
            }
        }
        world.eventHandled = { [unowned self] peer, step in
            if let step { writeTraining(of: peer, step: step) }
            if isTestedBySteps { take(peer, step: step) }
        }
    }

    /// Records how a learner's batches did, where a line is due after that step.
    private func writeTraining(of peer: PeerID, step: UInt64) {
        guard let metrics, failure == nil, peer.rawValue < plan.experiment.peers,
            step % plan.stepsPerTrainingLine == 0 || world.isFinished(peer),
            let (loss, accuracy) = world.takeLosses(of: peer)
        else { return }
        do {
            try metrics.write(
                .learning(
                    step: Int(step), time: world.now.seconds,
                    epoch: Double(step) / Double(plan.length.stepsPerEpoch(of: peer.rawValue)),
                    peer: .peer(peer.rawValue), split: .train, loss: loss,
                    accuracy: plan.workload.hasAccuracy ? accuracy : nil, samples: world.statistics(of: peer).samples,
                    learningRate: world.learningRate(of: peer)))
        } catch {
            failure = error
        }
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

    /// Makes the test whose moment has come, where tests go by time: of all models as they are then.
    func testIfDue() throws {
        guard nextTest < .distantFuture, world.isPast(nextTest) else { return }
        let moment = nextTest
        nextTest = moment + (plan.experiment.simulation.testEveryMilliseconds ?? 0) / 1000
        // A test is known by the steps that were made on the average, and the one at the end by the most.
        let steps = stepsOfLearners
        let step = steps.reduce(0, +) / UInt64(max(1, steps.count))
        guard hasTestsOnTheWay, roundAtTarget == nil, step > lastTestedStep, step < plan.length.steps else { return }
        lastTestedStep = step
        try aside {
            let tested = try testNow(step: step, time: moment.seconds)
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
        return try testNow(step: stepsOfLearners.max() ?? 0, time: world.now.seconds)
    }

    private func testNow(step: UInt64, time: Double) throws -> RunEvaluation.Round {
        let samples = learners.map { world.statistics(of: $0).samples }
        let survivors = evaluation.honest(among: survivors)
        let isEachTested =
            learners.count <= Self.testedPeersLimit || plan.workload.showsModels || plan.workload.division != nil
        let parts = isEachTested ? survivors.map { (peer: $0.rawValue, model: world.snapshot(of: $0)) } : []
        let models = plan.workload.wholeModels(of: parts)
        let consensus =
            isEachTested
            ? Consensus(of: models.map(\.model))
            : Consensus(count: plan.layout.count, models: survivors.count) { world.snapshot(of: survivors[$0]) }
        let round = try evaluation.test(
            models, consensus: consensus, server: server, samples: samples, step: step, time: time, metrics)
        try writeNetwork(step: step)
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
