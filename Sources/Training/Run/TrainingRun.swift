package import Checkpoints
import Conditions
import Dispatch
import Experiments
import Gossip
import Graphs
package import Records
package import Runs
import Runtime
import Vectors
import Workloads

/// A run as the process that leads it carries it out: asks the peers how things stand, does what the `Leader` decides,
/// tests models while the peers wait, and keeps the records.
///
/// The peers live on threads of this process or, in a run over several ranks of which this is the first, in those too.
public final class TrainingRun {
    let plan: TrainingPlan
    /// The peers that live in this process.
    let localPeers: LocalPeers
    /// All peers.
    let workers: Workers
    let metrics: MetricsWriter?
    private let trace: TraceFile?
    let evaluation: RunEvaluation
    let checkpoints: CheckpointFolder?
    let resumed: Resumed?
    let snapshots: Snapshots
    let byzantinePeers: [PeerID]
    private(set) var leader: Leader
    private(set) var gradientSeconds: [Double]
    /// The last report of each worker that is there.
    private(set) var reports: [Int: WorkerReport] = [:]
    private let report: (TrainingProgress) -> Void
    let remark: (String) -> Void
    var progress = TrainingProgress()
    private var pulses: Pulses
    /// The mean loss of each peer's last stretch.
    private var lastLosses: [Int: Double] = [:]
    /// The test that ended the run; what the peers did afterwards is not what was asked for.
    private var roundAtTarget: RunEvaluation.Round?
    /// The steps of the peers in the last checkpoint.
    var lastSaved: [UInt64]?
    /// The links of the peer on an open network, and where is kept how it stands.
    let links: OpenLinks?
    let keepStatus: (StatusRecord) throws -> Void
    var linkRates = LinkRates()
    var lastStatusAt: Time?
    /// Whether the peers have been let to their first step.
    private(set) var isTraining = false

    /// The learners, and the servers behind them.
    var everybody: [PeerProgress] { leader.peers }
    var learners: ArraySlice<PeerProgress> { everybody.prefix(plan.experiment.peers) }
    /// Whether a rank was lost.
    var lacksRanks: Bool { workers.living.count < plan.ranks.ranks }
    var clock: RunClock { localPeers.clock }

    /// - Parameters:
    ///   - metrics: where records go; nil keeps none.
    ///   - trace: where it is put down what every peer does when, by the time of training; nil for nowhere.
    ///   - checkpoints: where the run is saved as often as its experiment says; nil for nowhere.
    ///   - checkpoint: what the run goes on from, which `Resumption` found to be one of this plan.
    ///   - post: the way to the other ranks, who are ready for this plan; nil where all peers live in this process.
    ///   - links: those of the one peer, opened and not begun, where it is on an open network.
    ///   - keepStatus: told every few seconds how that peer stands.
    ///   - stopSignal: asked about ten times a second; once there is one, the run is saved, and peers end after the
    ///     step under way.
    ///   - report: told about ten times a second where the run stands.
    ///   - remark: told what else is worth a word, such as the loss of a rank.
    package init(
        _ plan: TrainingPlan, metrics: MetricsWriter?, trace: TraceFile? = nil, checkpoints: CheckpointFolder? = nil,
        from checkpoint: Checkpoint? = nil, mailbox: ControlMailbox? = nil, links: OpenLinks? = nil,
        keepStatus: @escaping (StatusRecord) throws -> Void = { _ in },
        stopSignal: @escaping () -> Int32? = { nil },
        report: @escaping (TrainingProgress) -> Void = { _ in }, remark: @escaping (String) -> Void = { _ in }
    ) throws {
        self.plan = plan
        self.metrics = metrics
        self.trace = trace
        self.report = report
        self.remark = remark
        self.links = links
        self.keepStatus = keepStatus
        let savingSchedule = plan.experiment.checkpoint.everyEpochs.map(plan.schedule)
        self.checkpoints = savingSchedule == nil ? nil : checkpoints
        let resumed = try checkpoint.map { checkpoint throws(CheckpointError) in try Resumed(checkpoint, plan) }
        self.resumed = resumed
        lastSaved = checkpoint?.manifest.stepsMade
        let byzantinePeers = try plan.experiment.faultsOnThreads().byzantinePeers
        self.byzantinePeers = byzantinePeers
        let bell = mailbox?.bell ?? DispatchSemaphore(value: 0)
        let snapshots = Snapshots(peers: plan.nodes, bell: bell, rounds: try resumed?.rounds() ?? TestRounds())
        self.snapshots = snapshots
        leader = Leader(
            Leader.Settings(
                isLockStep: plan.isLockStep, savingSchedule: self.checkpoints == nil ? nil : savingSchedule,
                stopsAtTarget: plan.experiment.evaluate.stopAtTarget,
                toleratesDivergence: !byzantinePeers.isEmpty,
                refusesStandstill: resumed != nil && plan.experiment.simulation.faults.isEmpty,
                leavesToOthers: links != nil),
            peers: resumed?.state.peers.map(\.progress)
                ?? [PeerProgress](repeating: PeerProgress(), count: plan.nodes))
        gradientSeconds = [Double](repeating: 0, count: plan.nodes)
        pulses = Pulses(learners: plan.experiment.peers, showsPairs: links == nil)
        for (index, peer) in leader.peers.enumerated() where peer.diedAt != nil { snapshots.leave(PeerID(index)) }
        localPeers = LocalPeers(
            plan, mailbox: mailbox, links: links,
            callbacks: LocalPeers.PeerCallbacks(
                handIn: { snapshots.submit($0, step: $1) }, leave: { snapshots.leave($0) }, ring: { bell.signal() },
                stopSignal: { stopSignal() ?? (links?.mustLeave == true ? OpenLinks.signal : nil) }))
        workers = Workers(localPeers, mailbox, bell: bell) { snapshots.submit($0, step: $1) }
        evaluation = try RunEvaluation(plan, byzantinePeers: byzantinePeers)
        evaluation.secondsToTarget = resumed?.state.secondsToTarget
    }

    /// Trains. Throws when a record cannot be written, or a rank that leads others is lost; the peers have ended then.
    public func run() throws -> TrainingOutcome {
        do {
            try begin()
        } catch {
            // Peers that were made wait for a start that does not come.
            _ = try? workers.all(.end)
            links?.network.end(isFinished: false)
            throw error
        }
        do {
            try lead()
            try endLinks()
        } catch {
            // Whatever else goes wrong meanwhile is not the reason.
            leader.giveUp()
            try? lead()
            links?.network.end(isFinished: false)
            _ = try? workers.all(.end)
            throw error
        }
        try workers.all(.end)
        try look()
        try workers.all(.pause)
        // Some learners may never have come as far as a test, such as clients that a server did not draw any more.
        while case .completed = leader.ending, let round = snapshots.takeFirst() {
            _ = try testAlone(round, time: clock.trainingSeconds)
        }
        return try finish()
    }

    // MARK: Begin

    private func begin() throws {
        if resumed == nil {
            for stage in plan.workload.stageRecords { try metrics?.write(.stage(stage)) }
        }
        do {
            for (index, words) in (resumed?.state.peers ?? []).enumerated() {
                let numbers = try resumed?.checkpoint.numbers(ofPeer: index)
                _ = try workers.one(with: index, ControlContent(.adopt(words, peer: index), numbers: numbers))
            }
            try workers.all(.prepare(beginning))
        } catch let unfit as LocalPeers.Unfit {
            throw resumed?.checkpoint.unreadable(Checkpoint.peerName(unfit.peer), unfit.reason) ?? unfit.reason
        }
        // The first gradient waits until every peer has been made.
        try workers.all(.begin)
        // Whoever asked for the end before the begin has it, however quick the peers are.
        try look()
        try carryOut(leader.next(isTestReady: false))
        // On an open network somebody may have to be there first.
        if links == nil { try letTrain() }
    }

    /// Lets the peers make their first step.
    func letTrain() throws {
        isTraining = true
        try workers.all(.resume)
    }

    private var beginning: Beginning {
        guard let resumed else { return Beginning(isSaving: checkpoints != nil, isTracing: trace != nil) }
        return Beginning(
            now: resumed.state.now, trainingNanoseconds: resumed.state.trainingNanoseconds,
            step: resumed.checkpoint.manifest.step, retransmissionSeconds: resumed.state.retransmissionSeconds,
            isSaving: checkpoints != nil, isTracing: trace != nil)
    }

    // MARK: While it runs

    private func lead() throws {
        while true {
            let decision = leader.next(isTestReady: snapshots.isReady)
            if decision == .finish || links?.isOverdue == true { return }
            try carryOut(decision)
            guard decision == .wait else { continue }
            try lookAtLinks()
            reportProgress()
            _ = workers.bell.wait(timeout: .now() + .milliseconds(100))
            // However often it was rung, one look answers all.
            while workers.bell.wait(timeout: .now()) == .success {}
            try look()
        }
    }

    /// Nobody can say more of a run that stands still than that its checkpoint is none of one run.
    private var standstill: any Error {
        CheckpointError(
            .damaged, resumed?.checkpoint.path ?? "",
            "does not go on: everybody waits for somebody else, so its states are none of one run; resume from an "
                + "earlier checkpoint, or begin again without checkpoint.resume")
    }

    private func carryOut(_ decision: Leader.Decision) throws {
        switch decision {
        case .wait, .finish: return
        case .refuse: throw standstill
        case .test: return try test()
        case .save: return try save()
        case .look: break
        case .endFaults: try workers.all(.endFaults)
        case .goOn: try workers.all(.releaseCut)
        case .spreadRest(let step): try workers.all(.requestCut(afterStep: step))
        case .rest: try whilePaused { try workers.all(.requestCut(afterStep: leader.restStep)) }
        case .leave:
            links?.noteEnding()
            // A gradient that waits for the first step is to be done, too.
            if !isTraining { try letTrain() }
            try workers.all(.giveAway)
        case .stop:
            links?.noteEnding()
            try workers.all(.endFaults)
            try workers.all(.closeCut)
            try whilePaused { try workers.all(.stop(afterStep: leader.lastStep)) }
        }
        try look()
    }

    /// Asks all workers how things stand, and writes what there is to write of it. Peers that have gone with their rank
    /// are dead from then on.
    func look() throws {
        let answers = try workers.all(.report)
        while let lost = try workers.takeLost() { account(lost) }
        reports = [:]
        var peers: [Int: PeerProgress] = [:]
        var spans: [(peer: Int, spans: [PeerProgress.Span])] = []
        var passes: [MetricsRecord] = []
        for (rank, answer) in answers.sorted(by: { $0.key < $1.key }) where workers.living.contains(rank) {
            guard case .report(let report) = answer.head else { throw RankError(rank, "sends no report") }
            try trace?.write(report.trace)
            reports[rank] = report
            for (index, peer) in zip(plan.ranks.peers(of: rank), report.peers) {
                peers[index] = peer.progress
                gradientSeconds[index] = peer.gradientSeconds
                spans.append((index, peer.spans))
                passes += peer.passes.map { plan.record($0, of: index) }
            }
        }
        leader.take(Leader.Standing(reports: reports, lacksPeers: lacksRanks), peers)
        guard leader.phase != .givingUp else { return }
        for (peer, spans) in spans { try write(spans, of: peer) }
        for pass in passes { try metrics?.write(pass) }
        try writePulse()
    }

    /// Records how things stand, where that is due.
    private func writePulse() throws {
        let now = clock.trainingSeconds
        guard let metrics, pulses.isDue(at: now) else { return }
        let standings = everybody.enumerated().map { index, peer in
            Pulses.Standing(
                peer.statistics, computingSeconds: gradientSeconds[index], mass: peer.mass,
                state: peer.diedAt != nil ? .dead : peer.finishedAt != nil ? .finished : .running, waits: peer.waits)
        }
        let dropped = reports.values.map(\.droppedCount).reduce(0, +)
        let pulse = pulses.record(standings, time: now, stepsTotal: stepsTotal, dropped: dropped)
        if let pulse { try metrics.write(.pulse(pulse)) }
    }

    /// Steps that the learners will have made together; from the dead no more are expected.
    private var stepsTotal: Int {
        zip(learners, plan.length.ofLearners).map { learner, steps in
            Int(learner.diedAt == nil ? steps : learner.statistics.steps)
        }.reduce(0, +)
    }

    private func account(_ lost: Range<Int>) {
        leader.account(lost, atSeconds: clock.trainingSeconds)
        for peer in lost { snapshots.leave(PeerID(peer)) }
        remark(
            "nothing is heard any more of rank \(plan.ranks.rank(of: lost.lowerBound)): peers "
                + lost.map(String.init).joined(separator: ", ")
                + " count as dead"
                + (checkpoints == nil ? "" : ", and the run, which lacks them, is not saved any more"))
    }

    /// Does something while no peer gets further than the one gradient that may lie in its mailbox, and the clock of
    /// training stands still; the leader knows then how far everybody is.
    @discardableResult
    func whilePaused<Result>(_ body: () throws -> Result) throws -> Result {
        try workers.all(.pause)
        // What the body throws must not leave gradients at the gate: peers could not come to their end.
        defer { _ = try? workers.all(.resume) }
        try look()
        return try body()
    }

    private func reportProgress() {
        progress.steps = learners.map { Int($0.statistics.steps) }.reduce(0, +)
        progress.stepsTotal = stepsTotal
        progress.seconds = clock.trainingSeconds
        let samples = learners.map(\.statistics.samples).reduce(0, +)
        progress.samplesPerSecond = progress.seconds > 0 ? Double(samples) / progress.seconds : 0
        report(progress)
    }

    private func write(_ spans: [PeerProgress.Span], of peer: Int) throws {
        for span in spans {
            try metrics?.write(
                .learning(
                    step: Int(span.step), time: span.time,
                    epoch: Double(span.step) / Double(plan.length.stepsPerEpoch(of: peer)),
                    peer: .peer(peer), split: .train, loss: span.loss,
                    accuracy: plan.workload.hasAccuracy ? span.accuracy : nil, samples: span.samples,
                    learningRate: span.learningRate))
        }
        if let last = spans.last { lastLosses[peer] = last.loss }
        progress.loss = lastLosses.isEmpty ? nil : lastLosses.values.reduce(0, +) / Double(lastLosses.count)
    }

    // MARK: Tests

    /// Tests the models of all rounds that are complete while the peers wait before their next gradient: a run that is
    /// tested more often than it can be does not heap up models.
    private func test() throws {
        try whilePaused {
            while leader.ending != .targetReached, let round = snapshots.takeComplete() {
                let tested = try testAlone(round, time: clock.trainingSeconds)
                leader.tested(hasReachedTarget: tested.hasReachedTarget)
                if leader.ending == .targetReached { roundAtTarget = tested }
            }
        }
    }

    private func testAlone(_ round: TestRounds.Round, time: Double) throws -> RunEvaluation.Round {
        progress.isTesting = true
        reportProgress()
        let tested = try evaluation.test(round, time: time, metrics)
        try metrics?.write(
            .network(
                step: Int(round.step), time: clock.trainingSeconds,
                messages: everybody.map(\.statistics.messagesSent).reduce(0, +),
                bytes: everybody.map(\.statistics.bytesSent).reduce(0, +)))
        progress.isTesting = false
        progress.accuracy = tested.evaluatedScore.accuracy
        return tested
    }

    // MARK: End

    private func finish() throws -> TrainingOutcome {
        let models = try everybody.indices.map { try workers.one(with: $0, ControlContent(.model(peer: $0)))?.payload }
        // Of what peers have together, the dead have no part any more.
        let isDivided = plan.workload.division != nil
        let learnersModels = plan.models(
            of: learners.indices.map { isDivided && learners[$0].diedAt != nil ? nil : models[$0] })
        let seconds = learners.compactMap(\.finishedAt).max() ?? 0
        let round = try roundAtTarget ?? testAlone(lastRound(models), time: seconds)
        reportProgress()
        if let failure = plan.workload.failure { throw failure }
        var ending = leader.ending
        if case .completed = ending, !round.evaluatedScore.loss.isFinite {
            ending = .diverged(peer: 0, step: Int(learners.map(\.statistics.steps).max() ?? 0))
        }
        return TrainingOutcome(
            ending: ending,
            summary: summary(learnersModels, round, ending, trainSeconds: seconds),
            peers: (0..<plan.workload.modelCount(peers: learners.count)).map { round.score(of: PeerID($0)) },
            server: round.server,
            model: round.evaluatedModel, answers: round.answers,
            peerModels: plan.experiment.save.peers ? learnersModels : [],
            stopSignal: leader.stopSignal)
    }

    /// The models of the learners that live, and of the server, as they are at the end.
    private func lastRound(_ models: [Payload?]) -> TestRounds.Round {
        let snapshots = everybody.enumerated().compactMap { index, peer -> TestRounds.Snapshot? in
            guard let model = models[index], peer.diedAt == nil || index >= learners.count else { return nil }
            return TestRounds.Snapshot(peer: PeerID(index), model: model, samples: peer.statistics.samples)
        }
        return (learners.map(\.statistics.steps).max() ?? 0, snapshots)
    }
}
