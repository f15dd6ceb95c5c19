import Checkpoints
import Gossip
import Graphs
import Records
import Runs
import Runtime
import Vectors
import Workloads

extension TrainingRun {
    /// What the run came to, with the learners' models. Servers talk and hold mass; all else is told of the learners.
    func summary(
        _ models: [Payload?], _ round: RunEvaluation.Round, _ ending: RunEnding, trainSeconds: Double
    ) -> Summary {
        var summary = Summary(plan.experiment)
        summary.ending = ending.recorded
        let outcomes = learners
        summary.samplesSeen = outcomes.map(\.statistics.samples).reduce(0, +)
        summary.trainSeconds = trainSeconds
        summary.wallSeconds = clock.now.seconds
        summary.samplesPerSecond = trainSeconds > 0 ? Double(summary.samplesSeen) / trainSeconds : 0
        summary.take(round, everybody.map(\.statistics))
        let masses = everybody.filter { $0.diedAt == nil }.compactMap(\.mass)
        summary.weightMass = masses.isEmpty ? nil : masses.reduce(0, +)
        // What a lost rank had under way nobody knows.
        if summary.weightMass != nil, !lacksRanks, everybody.contains(where: { $0.diedAt != nil }) {
            summary.lostMass = lostMass
        }
        summary.note(byzantinePeers: byzantinePeers)
        let standings = outcomes.enumerated().map { (PeerID($0.offset), $0.element.trust ?? []) }
        summary.note(
            trust: Dictionary(standings, uniquingKeysWith: { first, _ in first }))
        summary.timeToTargetSeconds = evaluation.secondsToTarget
        let perPeer = learners.indices.map {
            peerSummary($0, outcomes[$0], round.score(of: PeerID($0)), trainSeconds: trainSeconds)
        }
        summary.perPeer = perPeer
        summary.gradientSeconds = perPeer.map(\.gradientSeconds).reduce(0, +)
        summary.updateSeconds = perPeer.map(\.updateSeconds).reduce(0, +)
        summary.communicationSeconds = perPeer.map(\.communicationSeconds).reduce(0, +)
        summary.waitingSeconds = perPeer.map(\.waitingSeconds).reduce(0, +)
        if everybody.count <= PeerSummary.pairLimit, links == nil {
            summary.messagesByPair = everybody.map { outcome in
                everybody.indices.map { outcome.statistics.sent[PeerID($0)]?.messages ?? 0 }
            }
            summary.bytesByPair = everybody.map { outcome in
                everybody.indices.map { outcome.statistics.sent[PeerID($0)]?.bytes ?? 0 }
            }
        }
        summary.peakMemoryBytes = reports.values.map(\.peakMemoryBytes).reduce(0, +)
        if plan.workload.showsModels {
            // The shortest digits that tell each number, not those of its nearest double.
            func digits(_ model: Payload) -> [Double] { model.array().map { Double("\($0)") ?? .nan } }
            summary.models = models.compactMap { $0.map(digits) }
            summary.server = round.serverModel.map(digits)
            summary.loss = round.peers.map(\.loss).reduce(0, +) / Double(round.peers.count)
        }
        return summary
    }

    /// What was lost with peers that died, before the run was saved and since.
    var lostMass: Double { (resumed?.state.lostMass ?? 0) + reports.values.map(\.lostMass).reduce(0, +) }

    private func peerSummary(
        _ peer: Int, _ outcome: PeerProgress, _ score: Score?, trainSeconds: Double
    ) -> PeerSummary {
        let seconds = outcome.diedAt ?? outcome.finishedAt ?? trainSeconds
        let gradientSeconds = gradientSeconds[peer]
        return PeerSummary(
            peer: peer, steps: Int(outcome.statistics.steps), samples: outcome.statistics.samples,
            messagesSent: outcome.statistics.messagesSent, bytesSent: outcome.statistics.bytesSent,
            trainSeconds: seconds, gradientSeconds: gradientSeconds, updateSeconds: outcome.updateSeconds,
            communicationSeconds: outcome.communicationSeconds,
            waitingSeconds: max(
                0, seconds - gradientSeconds - outcome.updateSeconds - outcome.communicationSeconds),
            accuracy: score?.accuracy, loss: score?.loss, stalenessMean: outcome.statistics.staleness?.mean,
            stalenessMax: outcome.statistics.staleness.map { Int($0.most) }, diedAtSeconds: outcome.diedAt)
    }
}
