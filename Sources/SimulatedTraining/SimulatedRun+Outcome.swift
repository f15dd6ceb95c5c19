import Conditions
import Experiments
import Gossip
import Graphs
import Records
import Runs
import Runtime
import Simulator
import Vectors
import Workloads

extension SimulatedRun {
    /// What the run came to.
    func outcome(_ ending: RunEnding) throws -> SimulationOutcome {
        let round = try testAtEnd(ending)
        if let failure = plan.workload.failure { throw failure }
        let steps = survivors.map { Int(world.statistics(of: $0).steps) }
        let all = stepsOfLearners.map { Int($0) }.reduce(0, +)
        let isFinite = round.consensus.loss.isFinite || ending != .completed
        let ending = isFinite ? ending : .diverged(peer: 0, step: steps.max() ?? 0)
        return SimulationOutcome(
            ending: ending,
            violations: world.violations, statistics: world.statistics, summary: summary(round, ending),
            virtualSeconds: world.now.seconds, stepsMin: steps.min() ?? 0, stepsMax: steps.max() ?? 0,
            peerStepsPerSecond: simulatingSeconds > 0 ? Double(all) / simulatingSeconds : 0,
            lostMass: weightMass.map { _ in world.lostMass }, madeMass: weightMass.map { _ in world.madeMass },
            joiners: ending == .completed ? joiners : [], faults: settings.faults.description,
            model: round.evaluatedModel, answers: round.answers,
            peerModels: plan.experiment.save.peers
                ? plan.models(of: livingModels) : [],
            peers: round.peers, server: round.server)
    }

    /// Those who took part when the others had made some of their steps.
    private var joiners: [SimulationOutcome.Latecomer] {
        survivors.filter { world.algorithm(of: $0).stepsMissed > 0 }.map {
            SimulationOutcome.Latecomer(peer: $0.rawValue, steps: Int(world.statistics(of: $0).steps))
        }
    }

    /// The record of a run, in seconds of virtual time.
    private func summary(_ round: RunEvaluation.Round, _ ending: RunEnding) -> Summary {
        var summary = Summary(plan.experiment)
        summary.ending = ending.recorded
        let nodes = (0..<world.peerCount).map { PeerID($0) }
        let statistics = nodes.map(world.statistics(of:))
        summary.samplesSeen = statistics.prefix(learners.count).map(\.samples).reduce(0, +)
        summary.trainSeconds = world.now.seconds
        summary.wallSeconds = simulatingSeconds
        summary.samplesPerSecond = summary.trainSeconds > 0 ? Double(summary.samplesSeen) / summary.trainSeconds : 0
        summary.take(round, statistics)
        summary.weightMass = weightMass
        if weightMass != nil, survivors.count < learners.count { summary.lostMass = world.lostMass }
        summary.note(byzantinePeers: settings.faults.byzantinePeers)
        summary.note(
            trust: Dictionary(
                survivors.map { ($0, world.algorithm(of: $0).trustInNeighbours) },
                uniquingKeysWith: { first, _ in first }))
        summary.timeToTargetSeconds = evaluation.secondsToTarget
        // On an open network peers count what they sent by places of their own.
        if settings.open == nil, learners.count <= PeerSummary.pairLimit, survivors.count == learners.count {
            let perPeer = learners.map { peerSummary($0, round) }
            summary.perPeer = perPeer
            summary.gradientSeconds = perPeer.map(\.gradientSeconds).reduce(0, +)
            summary.updateSeconds = 0
            summary.waitingSeconds = perPeer.map(\.waitingSeconds).reduce(0, +)
            summary.messagesByPair = statistics.map { one in nodes.map { one.sent[$0]?.messages ?? 0 } }
            summary.bytesByPair = statistics.map { one in nodes.map { one.sent[$0]?.bytes ?? 0 } }
        }
        summary.peakMemoryBytes = Environment.peakMemoryBytes
        if plan.workload.showsModels {
            // The shortest digits that tell each number, not those of its nearest double.
            func digits(_ model: Payload) -> [Double] { model.array().map { Double("\($0)") ?? .nan } }
            let models =
                plan.workload.division == nil ? learners.map(world.snapshot(of:)) : plan.models(of: livingModels)
            summary.models = models.compactMap { $0.map(digits) }
            summary.server = round.serverModel.map(digits)
            summary.loss = round.peers.map(\.loss).reduce(0, +) / Double(max(1, round.peers.count))
        }
        return summary
    }

    /// What each learner that lives has.
    private var livingModels: [Payload?] { learners.map { world.isAlive($0) ? world.snapshot(of: $0) : nil } }

    /// What the algorithm's weights add up to, with what is under way; nil where it has none.
    private var weightMass: Double? {
        let held = (0..<world.peerCount).flatMap { peer in
            world.isAlive(PeerID(peer))
                ? world.algorithm(of: PeerID(peer)).invariants.filter { $0.name == Invariant.mass }.map(\.held) : []
        }
        return held.isEmpty ? nil : held.reduce(0, +) + world.massInFlight
    }

    /// Of one of the learners, all of whom are alive.
    private func peerSummary(_ peer: PeerID, _ round: RunEvaluation.Round) -> PeerSummary {
        let statistics = world.statistics(of: peer)
        let score = round.score(of: peer)
        let (time, computingTime) = (world.lastStepAt(of: peer), world.computingTime(of: peer))
        return PeerSummary(
            peer: peer.rawValue, steps: Int(statistics.steps), samples: statistics.samples,
            messagesSent: statistics.messagesSent, bytesSent: statistics.bytesSent, trainSeconds: time.seconds,
            gradientSeconds: computingTime.seconds, updateSeconds: 0, communicationSeconds: 0,
            waitingSeconds: max(0, time - computingTime), accuracy: score?.accuracy, loss: score?.loss,
            stalenessMean: statistics.staleness?.mean, stalenessMax: statistics.staleness.map { Int($0.most) })
    }
}
