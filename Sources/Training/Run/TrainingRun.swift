import Dispatch
import Gossip
import Runtime
import Vectors

/// A run, as whoever leads it sees it: begins the peers, tests their models while they wait, keeps the records, and
/// ends when every peer has made its steps and every message is merged.
///
/// The peers live on threads of this process or, in a run over several ranks of which this is the first, in those too.
public final class TrainingRun {
    let plan: TrainingPlan
    /// The peers that live in this process.
    let crew: Crew
    /// All peers.
    let crews: Crews
    let metrics: MetricsWriter?
    let evaluation: RunEvaluation
    let checkpoints: CheckpointFolder?
    let resumed: Resumed?
    let snapshots: Snapshots
    /// What the peers said of themselves when they were last asked: the learners, and the servers behind them.
    private(set) var everybody: [PeerProgress]
    private(set) var gradientSeconds: [Double]
    /// The last report of each crew that is there.
    private(set) var reports: [Int: CrewReport] = [:]
    var learners: ArraySlice<PeerProgress> { everybody.prefix(plan.experiment.peers) }
    private let report: (TrainingProgress) -> Void
    private let remark: (String) -> Void
    private var progress = TrainingProgress()
    var ending = TrainingOutcome.Ending.completed
    private(set) var isStopping = false
    /// Whether the run ends once it is saved.
    private(set) var isSavingLast = false
    private var haveFaultsEnded = false
    /// The signal by which the end was asked for, on whatever rank.
    private var stopSignal: Int32?
    /// Whether a rank was lost.
    var lacksRanks: Bool { crews.living.count < plan.ranks.ranks }
    /// The mean loss of each peer's last stretch.
    private var lastLosses: [Int: Double] = [:]
    /// The steps of the peers in the last checkpoint.
    var lastSaved: [UInt64]?
    var clock: RunClock { crew.clock }

    /// - Parameters:
    ///   - metrics: where records go; nil keeps none.
    ///   - checkpoints: where the run is saved as often as its experiment says; nil for nowhere.
    ///   - checkpoint: what the run goes on from, which `Resumption` found to be one of this plan.
    ///   - post: the way to the other ranks, who are ready for this plan; nil where all peers live in this process.
    ///   - stopSignal: asked about ten times a second; once there is one, the run is saved, and peers end after the
    ///     step under way.
    ///   - report: told about ten times a second where the run stands.
    ///   - remark: told what else is worth a word, such as the loss of a rank.
    package init(
        _ plan: TrainingPlan, metrics: MetricsWriter?, checkpoints: CheckpointFolder? = nil,
        from checkpoint: Checkpoint? = nil, post: RankPost? = nil, stopSignal: @escaping () -> Int32? = { nil },
        report: @escaping (TrainingProgress) -> Void = { _ in }, remark: @escaping (String) -> Void = { _ in }
    ) throws {
        self.plan = plan
        self.metrics = metrics
        self.report = report
        self.remark = remark
        self.checkpoints = plan.experiment.checkpoint.everyEpochs == nil ? nil : checkpoints
        let resumed = try checkpoint.map { checkpoint throws(CheckpointError) in try Resumed(checkpoint, plan) }
        self.resumed = resumed
        lastSaved = checkpoint?.manifest.stepsMade
        let bell = post?.bell ?? DispatchSemaphore(value: 0)
        let snapshots = Snapshots(peers: plan.experiment.peers, bell: bell, rounds: try resumed?.rounds() ?? [:])
        self.snapshots = snapshots
        everybody =
            resumed?.state.peers.map(\.progress) ?? [PeerProgress](repeating: PeerProgress(), count: plan.nodes)
        gradientSeconds = [Double](repeating: 0, count: plan.nodes)
        for (index, peer) in everybody.enumerated() where peer.diedAt != nil { snapshots.leave(PeerID(index)) }
        crew = Crew(
            plan, post: post,
            ears: Crew.Ears(
                handIn: { snapshots.submit($0, step: $1) }, leave: { snapshots.leave($0) }, ring: { bell.signal() },
                stopSignal: stopSignal))
        crews = Crews(crew, post, bell: bell) { snapshots.submit($0, step: $1) }
        evaluation = try RunEvaluation(plan)
        evaluation.secondsToTarget = resumed?.state.secondsToTarget
        progress.stepsTotal = Int(plan.steps) * plan.experiment.peers
    }

    /// Trains. Throws when a record cannot be written, or a rank that leads others is lost; the peers have ended then.
    public func run() throws -> TrainingOutcome {
        do {
            try begin()
        } catch {
            // Peers that were made wait for a start that does not come.
            _ = try? crews.all(.end)
            throw error
        }
        do {
            try lookAround()
            while try !isOver() {
                _ = crews.bell.wait(timeout: .now() + .milliseconds(100))
                // However often it was rung, one look answers all.
                while crews.bell.wait(timeout: .now()) == .success {}
                try lookAround()
            }
        } catch {
            // Whatever else goes wrong meanwhile is not the reason.
            try? stopPeers()
            try? waitUntilOver()
            _ = try? crews.all(.end)
            throw error
        }
        try crews.all(.end)
        // The last steps may have completed a round that nobody has looked at.
        try look()
        try lookAtRecords()
        try crews.all(.pause)
        return try finish()
    }

    // MARK: Begin

    private func begin() throws {
        do {
            for (index, words) in (resumed?.state.peers ?? []).enumerated() {
                let numbers = try resumed?.checkpoint.numbers(ofPeer: index)
                _ = try crews.one(with: index, Parcel(.adopt(words, peer: index), numbers: numbers))
            }
            try crews.all(.prepare(beginning))
        } catch let unfit as Crew.Unfit {
            throw resumed?.checkpoint.unreadable(Checkpoint.peerName(unfit.peer), unfit.reason) ?? unfit.reason
        }
        // The first gradient waits until every peer has been made.
        try crews.all(.begin)
        // Whoever asked for the end before the begin has it, however quick the peers are.
        try look()
        try answerStopRequest()
        try crews.all(.resume)
    }

    private var beginning: Beginning {
        guard let resumed else { return Beginning(isSaving: checkpoints != nil) }
        return Beginning(
            now: resumed.state.now, trainingNanoseconds: resumed.state.trainingNanoseconds,
            step: resumed.checkpoint.manifest.step, retransmissionSeconds: resumed.state.retransmissionSeconds,
            isSaving: checkpoints != nil)
    }

    // MARK: While it runs

    /// Asks all crews how things stand, and writes what there is to write of it. Peers that have gone with their rank
    /// are dead from then on.
    func look() throws {
        let answers = try crews.all(.report)
        while let lost = try crews.takeLost() { bury(lost) }
        reports = [:]
        var spans: [(peer: Int, spans: [PeerProgress.Span])] = []
        for (rank, answer) in answers.sorted(by: { $0.key < $1.key }) where crews.living.contains(rank) {
            guard case .report(let report) = answer.head else { throw RankError(rank, "sends no report") }
            reports[rank] = report
            for (index, peer) in zip(plan.ranks.peers(of: rank), report.peers) {
                everybody[index] = peer.progress
                gradientSeconds[index] = peer.gradientSeconds
                spans.append((index, peer.spans))
            }
        }
        for (peer, spans) in spans { try write(spans, of: peer) }
    }

    private func bury(_ lost: Range<Int>) {
        for peer in lost {
            everybody[peer].diedAt = everybody[peer].diedAt ?? clock.trainingSeconds
            snapshots.leave(PeerID(peer))
        }
        remark(
            "nothing is heard any more of rank \(plan.ranks.rank(of: lost.lowerBound)): peers "
                + lost.map(String.init).joined(separator: ", ")
                + " count as dead"
                + (checkpoints == nil ? "" : ", and the run, which lacks them, is not saved any more"))
    }

    /// Whether nothing is under way anywhere; what was last reported belongs to that moment then.
    func isQuiet() throws -> Bool {
        guard let before = QuietTraffic(reports.mapValues(\.traffic)) else { return false }
        try look()
        return QuietTraffic(reports.mapValues(\.traffic)) == before
    }

    private func isOver() throws -> Bool {
        // Where a peer has given up, others may wait for it; nothing more comes of that.
        if case .abandoned = ending { return try isQuiet() }
        if everybody.allSatisfy(\.hasMadeItsSteps) { try endFaults() }
        return try everybody.allSatisfy(\.isDone) && isQuiet() && everybody.allSatisfy(\.isDone)
    }

    private func waitUntilOver() throws {
        try look()
        while try !isOver() {
            _ = crews.bell.wait(timeout: .now() + .milliseconds(10))
            try look()
        }
    }

    private func lookAround() throws {
        try look()
        try lookAtRecords()
        try answerStopRequest()
        try serveCut()
        reportProgress()
    }

    /// Has the peers end, saved first where there is a place for it, once somebody asks for it, on whatever rank.
    private func answerStopRequest() throws {
        let signals = reports.sorted { $0.key < $1.key }.compactMap(\.value.stopSignal)
        guard let signal = signals.first, !isStopping, !isSavingLast else { return }
        stopSignal = signal
        if checkpoints == nil {
            ending = .stopped
            try stopPeers()
        } else {
            isSavingLast = true
            try whilePaused {
                try look()
                // Peers that are about to rest already do so after the same step everywhere, as do those that will find
                // their next step due for it: a sum of all ranks must not wait for one that rests before.
                let next = furthestStep + 1
                let step = reports.values.compactMap(\.cut).min() ?? (crew.isSavingDue(after: next) ? next : next + 1)
                try crews.all(.requestCut(afterStep: step))
            }
        }
    }

    /// Does something while no peer gets further than the one gradient that may lie in its mailbox, and the clock of
    /// training stands still.
    func whilePaused<Result>(_ body: () throws -> Result) throws -> Result {
        try crews.all(.pause)
        // What the body throws must not leave gradients at the gate: peers could not come to their end.
        defer { _ = try? crews.all(.resume) }
        return try body()
    }

    private var furthestStep: UInt64 { everybody.map(\.statistics.steps).max() ?? 0 }

    /// Tests what the peers have handed in, and sees whether one has lost its way.
    func lookAtRecords() throws {
        while let round = snapshots.takeComplete() { try test(round.step, round.snapshots) }
        for (index, peer) in everybody.enumerated() where !isStopping {
            if let reason = peer.abandonment {
                ending = .abandoned(peer: index, reason: reason)
                try stopPeers()
            } else if let step = peer.divergedAt {
                ending = .diverged(peer: index, step: Int(step))
                try stopPeers()
            }
        }
    }

    /// Has every peer end soon: at once where each goes its own way, after one and the same step where they wait for
    /// each other.
    func stopPeers() throws {
        isStopping = true
        try endFaults()
        try crews.all(.closeCut)
        guard plan.isLockStep else {
            try crews.all(.stop(afterStep: 0))
            return
        }
        try whilePaused {
            try look()
            try crews.all(.stop(afterStep: furthestStep + 2))
        }
    }

    private func endFaults() throws {
        guard !haveFaultsEnded else { return }
        haveFaultsEnded = true
        try crews.all(.endFaults)
    }

    private func reportProgress() {
        progress.steps = everybody.map { Int($0.statistics.steps) }.reduce(0, +)
        progress.stepsTotal = learners.map { $0.diedAt == nil ? Int(plan.steps) : Int($0.statistics.steps) }
            .reduce(0, +)
        progress.seconds = clock.trainingSeconds
        let samples = everybody.map(\.statistics.samples).reduce(0, +)
        progress.samplesPerSecond = progress.seconds > 0 ? Double(samples) / progress.seconds : 0
        report(progress)
    }

    private func write(_ spans: [PeerProgress.Span], of peer: Int) throws {
        for span in spans {
            try metrics?.write(
                .learning(
                    step: Int(span.step), time: span.time, epoch: Double(span.step) / plan.stepsPerEpoch,
                    peer: .peer(peer), split: .train, loss: span.loss,
                    accuracy: plan.workload.hasAccuracy ? span.accuracy : nil, samples: span.samples))
        }
        if let last = spans.last { lastLosses[peer] = last.loss }
        progress.loss = lastLosses.isEmpty ? nil : lastLosses.values.reduce(0, +) / Double(lastLosses.count)
    }

    /// The model of the server behind the learners, if there is one, as it is now or was at its end.
    private func centre() throws -> Payload? {
        guard everybody.count > learners.count else { return nil }
        return try crews.one(with: everybody.count - 1, Parcel(.model(peer: everybody.count - 1)))?.payload
    }

    /// Tests the models of one round while the peers wait before their next gradient.
    private func test(_ step: UInt64, _ models: [Snapshots.Snapshot]) throws {
        let round = try whilePaused {
            progress.isTesting = true
            reportProgress()
            let round = try outcome(of: models, step: step, time: clock.trainingSeconds)
            try writeNetwork(step: step)
            progress.isTesting = false
            progress.accuracy = round.consensus.accuracy
            return round
        }
        if round.hasReachedTarget, plan.experiment.evaluate.stopAtTarget, !isStopping {
            ending = .targetReached
            try stopPeers()
        }
    }

    private func outcome(of models: [Snapshots.Snapshot], step: UInt64, time: Double) throws -> RunEvaluation.Round {
        var samples = [Int](repeating: 0, count: learners.count)
        for snapshot in models { samples[snapshot.peer.rawValue] = snapshot.samples }
        return try evaluation.test(
            models.map(\.model), of: models.map(\.peer.rawValue), centre: centre(), samples: samples, step: step,
            time: time, metrics)
    }

    private func writeNetwork(step: UInt64) throws {
        try metrics?.write(
            .network(
                step: Int(step), time: clock.trainingSeconds,
                messages: everybody.map(\.statistics.messagesSent).reduce(0, +),
                bytes: everybody.map(\.statistics.bytesSent).reduce(0, +)))
    }

    // MARK: End

    private func finish() throws -> TrainingOutcome {
        let outcomes = Array(learners)
        var models: [Payload?] = []
        for index in outcomes.indices {
            models.append(try crews.one(with: index, Parcel(.model(peer: index)))?.payload)
        }
        let living = outcomes.enumerated().compactMap { index, outcome -> Snapshots.Snapshot? in
            guard outcome.diedAt == nil, let model = models[index] else { return nil }
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
        if case .completed = ending, !round.consensus.loss.isFinite {
            ending = .diverged(peer: 0, step: Int(step))
        }
        return TrainingOutcome(
            ending: ending, summary: summary(models, round, scores, trainSeconds: seconds),
            peers: learners.indices.map { scores[PeerID($0)] }, centre: round.centre,
            model: round.centreModel ?? round.model, stopSignal: stopSignal)
    }
}
