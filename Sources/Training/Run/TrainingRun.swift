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
    let clock: RunClock
    let gate = Gate()
    let metrics: MetricsWriter?
    let evaluation: RunEvaluation
    let traffic = Traffic()
    let cut: Cut
    /// What goes wrong; nil where nothing does.
    let faults: RunFaults?
    let checkpoints: CheckpointFolder?
    let resumed: Resumed?
    private let bell = DispatchSemaphore(value: 0)
    let snapshots: Snapshots
    /// The learners, and the servers behind them.
    private(set) var peers: [Peer] = []
    var learners: ArraySlice<Peer> { peers.prefix(plan.experiment.peers) }
    private let isStopRequested: () -> Bool
    private let report: (TrainingProgress) -> Void
    private var progress = TrainingProgress()
    var ending = TrainingOutcome.Ending.completed
    private(set) var isStopping = false
    /// Whether the run ends once it is saved.
    private(set) var isSavingLast = false
    /// The steps of the peers in the last checkpoint.
    var lastSaved: [UInt64]?

    /// - Parameters:
    ///   - metrics: where records go; nil keeps none.
    ///   - checkpoints: where the run is saved as often as its experiment says; nil for nowhere.
    ///   - checkpoint: what the run goes on from, which `Resumption` found to be one of this plan.
    ///   - isStopRequested: asked about ten times a second; once true, the run is saved, and peers end after the step
    ///     under
    ///     way.
    ///   - report: told about ten times a second where the run stands.
    public init(
        _ plan: TrainingPlan, metrics: MetricsWriter?, checkpoints: CheckpointFolder? = nil,
        from checkpoint: Checkpoint? = nil, isStopRequested: @escaping () -> Bool = { false },
        report: @escaping (TrainingProgress) -> Void = { _ in }
    ) throws {
        self.plan = plan
        self.metrics = metrics
        self.isStopRequested = isStopRequested
        self.report = report
        self.checkpoints = plan.experiment.checkpoint.everyEpochs == nil ? nil : checkpoints
        let resumed = try checkpoint.map { checkpoint throws(CheckpointError) in try Resumed(checkpoint, plan) }
        self.resumed = resumed
        lastSaved = checkpoint?.manifest.stepsMade
        clock = RunClock(
            now: resumed?.state.now ?? .zero, training: .nanoseconds(resumed?.state.trainingNanoseconds ?? 0))
        cut = Cut(
            isLockStep: plan.isLockStep, after: checkpoint?.manifest.step ?? 0)
        faults = try RunFaults(plan, after: checkpoint?.manifest.step ?? 0, clock: clock)
        snapshots = Snapshots(peers: plan.experiment.peers, bell: bell, rounds: try resumed?.rounds() ?? [:])
        for (index, peer) in (resumed?.state.peers ?? []).enumerated() where peer.progress.diedAt != nil {
            snapshots.leave(PeerID(index))
        }
        evaluation = try RunEvaluation(plan)
        evaluation.secondsToTarget = resumed?.state.secondsToTarget
        progress.stepsTotal = Int(plan.steps) * plan.experiment.peers
    }

    /// Trains. Throws when a record cannot be written; the peers have ended then.
    public func run() throws -> TrainingOutcome {
        do {
            try begin()
        } catch {
            // Peers that were made wait for a start that does not come.
            stopPeers()
            gate.open()
            for peer in peers { peer.end() }
            throw error
        }
        do {
            try lookAround()
            while !isOver {
                _ = bell.wait(timeout: .now() + .milliseconds(100))
                try lookAround()
            }
        } catch {
            stopPeers()
            while !isOver { _ = bell.wait(timeout: .now() + .milliseconds(10)) }
            faults?.end()
            clock.pause()
            for peer in peers { peer.end() }
            throw error
        }
        faults?.end()
        clock.pause()
        for peer in peers { peer.end() }
        // The last steps may have completed a round that nobody has looked at.
        try lookAtRecords()
        clock.pause()
        return try finish()
    }

    // MARK: Begin

    private func begin() throws {
        let experiment = plan.experiment
        let network = InProcessNetwork(peers: plan.nodes) { [clock] in clock.now }
        let pool = PayloadPool()
        let scorer = try plan.scorer()
        let surroundings = Peer.Surroundings(
            clock: clock, network: network, faults: faults, gate: gate, traffic: traffic, cut: cut,
            snapshots: snapshots, bell: bell,
            schedule: schedule(everyEpochs: experiment.evaluate.everyEpochs),
            savingSchedule: checkpoints == nil ? nil : experiment.checkpoint.everyEpochs.map(schedule),
            stepsPerReport: UInt64(max(1, plan.stepsPerEpoch / 10, Double(plan.steps) / 1000)))
        // The first gradient waits until every peer has been made.
        gate.close()
        for index in 0..<plan.nodes {
            let me = PeerID(index)
            let saved = resumed?.state.peers[index]
            let compute = ComputeThread(
                try plan.learner(index), pool: pool, gradientNanoseconds: saved?.gradientNanoseconds ?? 0,
                slowness: slowness(of: me))
            let port = ThreadPort(
                transport: network.transport(for: me), compute: compute, traffic: traffic, cut: cut,
                faults: faults, timers: saved?.timers ?? [])
            var node = Node(
                try plan.algorithm(index), me: me, peers: experiment.peers,
                model: plan.initialModel(index),
                stepper: try plan.stepper(), port: port,
                session: Session(me: me, retransmissionSeconds: retransmissionSeconds), pool: pool)
            node.scorer = scorer
            if let saved, let checkpoint = resumed?.checkpoint {
                let numbers = try checkpoint.numbers(ofPeer: index)
                do throws(StateError) {
                    try node.restore(saved.node, numbers)
                    try compute.restore(numbers, isGradientReady: saved.report != nil, count: plan.layout.count)
                } catch {
                    throw checkpoint.unreadable(Checkpoint.peerName(index), error)
                }
            }
            let peer = Peer(
                me: me, compute: compute, waker: network.waker(for: me), progress: saved?.progress ?? PeerProgress())
            peer.start(node, in: surroundings, resumed: saved)
            peers.append(peer)
        }
        clock.resume()
        // Whoever asked for the end before the begin has it, however quick the peers are.
        answerStopRequest()
        gate.open()
    }

    /// What makes a peer slower than it is; nil where nothing ever does.
    private func slowness(of peer: PeerID) -> Slowness? {
        let straggling = plan.experiment.stragglers[peer.rawValue] ?? 1
        guard straggling != 1 || faults?.slows(peer) == true else { return nil }
        return Slowness(clock) { [faults] in straggling * (faults?.slowFactor(of: peer) ?? 1) }
    }

    /// After how long messages are sent again; nil where none can be lost.
    var retransmissionSeconds: Double? { faults?.retransmissionSeconds ?? resumed?.state.retransmissionSeconds }

    private func schedule(everyEpochs epochs: Double) -> EvaluationSchedule {
        EvaluationSchedule(everyEpochs: epochs, stepsPerEpoch: plan.stepsPerEpoch, steps: plan.steps)
    }

    // MARK: While it runs

    private var isOver: Bool {
        // Where a peer has given up, others may wait for it; nothing more comes of that.
        if case .abandoned = ending { return traffic.isQuiet }
        if faults != nil, peers.allSatisfy({ $0.progress.withLock { $0.hasMadeItsSteps } }) { endFaults() }
        return traffic.isQuiet { peers.allSatisfy { $0.progress.withLock { $0.isDone } } }
    }

    private func lookAround() throws {
        try lookAtRecords()
        answerStopRequest()
        try serveCut()
        reportProgress()
    }

    /// Has the peers end, saved first where there is a place for it, once somebody asks for it.
    private func answerStopRequest() {
        guard isStopRequested(), !isStopping, !isSavingLast else { return }
        if checkpoints == nil {
            ending = .stopped
            stopPeers()
        } else {
            isSavingLast = true
            cut.request(after: furthestStep + 1)
        }
    }

    private var furthestStep: UInt64 {
        peers.map { peer in peer.progress.withLock { $0.statistics.steps } }.max() ?? 0
    }

    /// Writes what peers have to tell, tests what they have handed in, and sees whether one has lost its way.
    func lookAtRecords() throws {
        try writeSpans()
        while let round = snapshots.takeComplete() { try test(round.step, round.snapshots) }
        for (index, peer) in peers.enumerated() {
            guard let reason = peer.progress.withLock({ $0.abandonment }), !isStopping else { continue }
            ending = .abandoned(peer: index, reason: reason)
            stopPeers()
        }
        for (index, peer) in peers.enumerated() {
            guard let step = peer.progress.withLock({ $0.divergedAt }), !isStopping else { continue }
            ending = .diverged(peer: index, step: Int(step))
            stopPeers()
        }
    }

    /// Has every peer end soon: at once where each goes its own way, after one and the same step where they wait for
    /// each other.
    func stopPeers() {
        isStopping = true
        endFaults()
        cut.close()
        guard plan.isLockStep else {
            for peer in peers { peer.waker.post(.stop(afterStep: 0)) }
            return
        }
        // Behind a closed gate no peer gets further than the one gradient that may lie in its mailbox.
        gate.close()
        let furthest = furthestStep
        for peer in peers { peer.waker.post(.stop(afterStep: furthest + 2)) }
        gate.open()
    }

    /// Nothing goes wrong any more: all messages arrive, and the run can end.
    private func endFaults() {
        guard let faults, faults.end() else { return }
        for peer in peers {
            peer.compute.stopSlowness()
            peer.waker.post(.wake)
        }
    }

    private func reportProgress() {
        progress.steps = peers.map { peer in peer.progress.withLock { Int($0.statistics.steps) } }.reduce(0, +)
        progress.stepsTotal = peers.prefix(plan.experiment.peers).map { peer in
            peer.progress.withLock { $0.diedAt == nil ? Int(plan.steps) : Int($0.statistics.steps) }
        }.reduce(0, +)
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
                        peer: .peer(index), split: .train, loss: span.loss,
                        accuracy: plan.workload.hasAccuracy ? span.accuracy : nil, samples: span.samples))
            }
        }
        if !losses.isEmpty { progress.loss = losses.reduce(0, +) / Double(losses.count) }
    }

    /// The model of the server behind the learners, if there is one, as it is now or was at its end.
    private var centre: Payload? {
        guard peers.count > learners.count, let server = peers.last else { return nil }
        return server.progress.withLock { $0.finalModel } ?? server.evaluated()
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
        let round = try outcome(of: models, step: step, time: clock.trainingSeconds)
        try writeNetwork(step: step)
        progress.isTesting = false
        progress.accuracy = round.consensus.accuracy
        if round.hasReachedTarget, plan.experiment.evaluate.stopAtTarget, !isStopping {
            ending = .targetReached
            stopPeers()
        }
    }

    private func outcome(of models: [Snapshots.Snapshot], step: UInt64, time: Double) throws -> RunEvaluation.Round {
        var samples = [Int](repeating: 0, count: learners.count)
        for snapshot in models { samples[snapshot.peer.rawValue] = snapshot.samples }
        return try evaluation.test(
            models.map(\.model), of: models.map(\.peer.rawValue), centre: centre, samples: samples, step: step,
            time: time, metrics)
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
        let everybody = peers.map { peer in peer.progress.withLock { $0 } }
        let outcomes = Array(everybody.prefix(learners.count))
        let living = outcomes.enumerated().compactMap { index, outcome -> Snapshots.Snapshot? in
            guard outcome.diedAt == nil, let model = outcome.finalModel else { return nil }
            return Snapshots.Snapshot(peer: PeerID(index), model: model, samples: outcome.statistics.samples)
        }
        let step = outcomes.map(\.statistics.steps).max() ?? 0
        let seconds = outcomes.compactMap(\.finishedAt).max() ?? 0
        progress.isTesting = true
        reportProgress()
        let round = try outcome(of: living, step: step, time: seconds)
        let scores = Dictionary(uniqueKeysWithValues: zip(living.map(\.peer), round.peers))
        try writeNetwork(step: step)
        progress.isTesting = false
        progress.accuracy = round.consensus.accuracy
        reportProgress()
        return TrainingOutcome(
            ending: ending, summary: summary(everybody, round, scores, trainSeconds: seconds),
            peers: learners.map { scores[$0.me] }, centre: round.centre,
            model: round.centreModel ?? round.model)
    }
}
