import Dispatch
import Foundation
import Gossip
import InProcessTransport
import Runtime
import Synchronization
import Vectors

/// A run on threads: begins the peers, tests their models while they wait, keeps the records, and ends when every peer
/// has made its steps and every message is merged.
public final class TrainingRun {
    typealias Peer = PeerThread<AnyLearner, OptimizerStepper>

    let plan: TrainingPlan
    let clock = RunClock()
    let gate = Gate()
    let metrics: MetricsWriter?
    let evaluation: RunEvaluation
    private let traffic = Traffic()
    private let bell = DispatchSemaphore(value: 0)
    private let snapshots: Snapshots
    private(set) var peers: [Peer] = []
    private let isStopRequested: () -> Bool
    private let report: (TrainingProgress) -> Void
    private var progress = TrainingProgress()
    private var ending = TrainingOutcome.Ending.completed
    private var isStopping = false

    /// - Parameters:
    ///   - metrics: where records go; nil keeps none.
    ///   - isStopRequested: asked about ten times a second; once true, peers end after the step under way.
    ///   - report: told about ten times a second where the run stands.
    public init(
        _ plan: TrainingPlan, metrics: MetricsWriter?, isStopRequested: @escaping () -> Bool = { false },
        report: @escaping (TrainingProgress) -> Void = { _ in }
    ) throws {
        self.plan = plan
        self.metrics = metrics
        self.isStopRequested = isStopRequested
        self.report = report
        snapshots = Snapshots(peers: plan.experiment.peers, bell: bell)
        evaluation = try RunEvaluation(plan)
        progress.stepsTotal = Int(plan.steps) * plan.experiment.peers
    }

    /// Trains. Throws when a record cannot be written; the peers have ended then.
    public func run() throws -> TrainingOutcome {
        try begin()
        do {
            while !isOver {
                _ = bell.wait(timeout: .now() + .milliseconds(100))
                try lookAround()
            }
        } catch {
            stopPeers()
            while !isOver { _ = bell.wait(timeout: .now() + .milliseconds(10)) }
            clock.pause()
            for peer in peers { peer.end() }
            throw error
        }
        clock.pause()
        for peer in peers { peer.end() }
        try writeSpans()
        return try finish()
    }

    // MARK: Begin

    private func begin() throws {
        let experiment = plan.experiment
        let network = InProcessNetwork(peers: experiment.peers) { [clock] in clock.now }
        let pool = PayloadPool()
        let surroundings = Peer.Surroundings(
            clock: clock, gate: gate, traffic: traffic, snapshots: snapshots, bell: bell,
            schedule: EvaluationSchedule(
                everyEpochs: experiment.evaluate.everyEpochs, stepsPerEpoch: plan.stepsPerEpoch, steps: plan.steps),
            stepsPerReport: UInt64(max(1, plan.stepsPerEpoch / 10, Double(plan.steps) / 1000)))
        // The first gradient waits until every peer has been made.
        gate.close()
        for index in 0..<experiment.peers {
            let me = PeerID(index)
            let compute = ComputeThread(AnyLearner(try plan.workload.learner(of: index)))
            let port = ThreadPort(transport: network.transport(for: me), compute: compute, traffic: traffic)
            let node = Node(
                try plan.algorithm(index), me: me, peers: experiment.peers,
                model: plan.workload.initialModel(of: index),
                stepper: try plan.stepper(), port: port,
                session: Session(me: me, retransmissionSeconds: nil), pool: pool)
            let peer = Peer(me: me, compute: compute, waker: network.waker(for: me))
            peer.start(node, in: surroundings)
            peers.append(peer)
        }
        clock.resume()
        gate.open()
    }

    // MARK: While it runs

    private var isOver: Bool {
        peers.allSatisfy { $0.progress.withLock { $0.finishedAt != nil } } && traffic.isQuiet
    }

    private func lookAround() throws {
        try writeSpans()
        while let round = snapshots.takeComplete() { try test(round.step, round.snapshots) }
        for (index, peer) in peers.enumerated() {
            guard let step = peer.progress.withLock({ $0.divergedAt }), !isStopping else { continue }
            ending = .diverged(peer: index, step: Int(step))
            stopPeers()
        }
        if isStopRequested(), !isStopping {
            ending = .stopped
            stopPeers()
        }
        reportProgress()
    }

    /// Has every peer end soon: at once where each goes its own way, after one and the same step where they wait for
    /// each other.
    private func stopPeers() {
        isStopping = true
        guard Algorithms.isLockStep(plan.experiment.algorithm.name) else {
            for peer in peers { peer.waker.post(.stop(afterStep: 0)) }
            return
        }
        // Behind a closed gate no peer gets further than the one gradient that may lie in its mailbox.
        gate.close()
        let furthest = peers.map { peer in peer.progress.withLock { $0.statistics.steps } }.max() ?? 0
        for peer in peers { peer.waker.post(.stop(afterStep: furthest + 2)) }
        gate.open()
    }

    private func reportProgress() {
        progress.steps = peers.map { peer in peer.progress.withLock { Int($0.statistics.steps) } }.reduce(0, +)
        progress.seconds = clock.trainingSeconds
        let samples = peers.map { peer in peer.progress.withLock { $0.statistics.samples } }.reduce(0, +)
        progress.samplesPerSecond = progress.seconds > 0 ? Double(samples) / progress.seconds : 0
        report(progress)
    }

    private func writeSpans() throws {
        var losses: [Double] = []
        for (index, peer) in peers.enumerated() {
            for span in peer.progress.withLock({ $0.takeSpans() }) {
                losses.append(span.loss)
                try metrics?.write(
                    .learning(
                        step: Int(span.step), time: span.time, epoch: Double(span.step) / plan.stepsPerEpoch,
                        peer: index, split: .train, loss: span.loss,
                        accuracy: plan.workload.hasAccuracy ? span.accuracy : nil, samples: span.samples))
            }
        }
        if !losses.isEmpty { progress.loss = losses.reduce(0, +) / Double(losses.count) }
    }

    /// Tests the models of one round while the peers wait before their next gradient.
    private func test(_ step: UInt64, _ models: [Snapshots.Snapshot]) throws {
        gate.close()
        clock.pause()
        defer {
            clock.resume()
            gate.open()
        }
        progress.isTesting = true
        reportProgress()
        let round = try evaluation.test(
            models.map(\.model), samples: models.map(\.samples), step: step, time: clock.trainingSeconds, metrics)
        try writeNetwork(step: step)
        progress.isTesting = false
        progress.accuracy = round.consensus.accuracy
        if round.hasReachedTarget, plan.experiment.evaluate.stopAtTarget, !isStopping {
            ending = .targetReached
            stopPeers()
        }
    }

    private func writeNetwork(step: UInt64) throws {
        let statistics = peers.map { peer in peer.progress.withLock { $0.statistics } }
        try metrics?.write(
            .network(
                step: Int(step), time: clock.trainingSeconds, messages: statistics.map(\.messagesSent).reduce(0, +),
                bytes: statistics.map(\.bytesSent).reduce(0, +)))
    }

    // MARK: End

    private func finish() throws -> TrainingOutcome {
        let outcomes = peers.map { peer in peer.progress.withLock { $0 } }
        let models = outcomes.compactMap(\.finalModel)
        let step = outcomes.map(\.statistics.steps).max() ?? 0
        let seconds = outcomes.compactMap(\.finishedAt).max() ?? 0
        progress.isTesting = true
        reportProgress()
        let round = try evaluation.test(
            models, samples: outcomes.map(\.statistics.samples), step: step, time: seconds, metrics)
        try writeNetwork(step: step)
        progress.isTesting = false
        progress.accuracy = round.consensus.accuracy
        reportProgress()
        return TrainingOutcome(
            ending: ending, summary: summary(outcomes, round, models: models, trainSeconds: seconds),
            peers: round.peers,
            model: round.model)
    }

    private func summary(
        _ outcomes: [PeerProgress], _ round: RunEvaluation.Round, models: [Payload], trainSeconds: Double
    ) -> Summary {
        var summary = Summary(plan.experiment)
        let accuracies = round.peers.compactMap(\.accuracy)
        summary.samplesSeen = outcomes.map(\.statistics.samples).reduce(0, +)
        summary.trainSeconds = trainSeconds
        summary.wallSeconds = clock.now.seconds
        summary.samplesPerSecond = trainSeconds > 0 ? Double(summary.samplesSeen) / trainSeconds : 0
        summary.testAccuracy = Summary.Spread(
            consensus: round.consensus.accuracy,
            mean: accuracies.isEmpty ? nil : accuracies.reduce(0, +) / Double(accuracies.count),
            min: accuracies.min(), max: accuracies.max())
        summary.testLoss = round.consensus.loss
        summary.consensusDistance = round.distance
        summary.messagesSent = outcomes.map(\.statistics.messagesSent).reduce(0, +)
        summary.bytesSent = outcomes.map(\.statistics.bytesSent).reduce(0, +)
        let masses = outcomes.compactMap(\.mass)
        summary.weightMass = masses.isEmpty ? nil : masses.reduce(0, +)
        summary.timeToTargetSeconds = evaluation.secondsToTarget
        let gradients = peers.map(\.compute.gradientSeconds)
        summary.gradientSeconds = gradients.reduce(0, +)
        summary.communicationSeconds = outcomes.map(\.communicationSeconds).reduce(0, +)
        summary.waitingSeconds = zip(outcomes, gradients).map { outcome, gradient in
            max(0, (outcome.finishedAt ?? trainSeconds) - gradient - outcome.updateSeconds)
        }.reduce(0, +)
        summary.peakMemoryBytes = Environment.peakMemoryBytes
        if plan.workload.showsModels {
            // The shortest digits that tell each number, not those of its nearest double.
            summary.models = models.map { $0.array().map { Double("\($0)") ?? .nan } }
            summary.loss = round.peers.map(\.loss).reduce(0, +) / Double(round.peers.count)
        }
        return summary
    }
}
