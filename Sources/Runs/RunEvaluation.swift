import Experiments
import Gossip
package import Graphs
package import Records
package import Vectors
package import Workloads

/// Tests the models of a run: each learner's or, where the model is divided, those that they have together, their
/// average and the server's where there is one, on the test samples and, where some were set apart, on the validation
/// samples.
///
/// Where there is a server, its model is what the paper evaluates, and so what a target is compared with, what is
/// summarised and what is saved; else it is the average.
package final class RunEvaluation {
    /// The outcome on the test samples.
    package struct Round {
        /// Whose models were given, and how well each of them does.
        package let subjects: [PeerID]
        package let peers: [Score]
        package let consensus: Score
        /// Of the model of the server behind the learners.
        package let server: Score?
        package let distance: Double
        /// The average of the peers' models.
        package let model: Payload
        package let serverModel: Payload?
        /// What the evaluated model says of each test sample; none where nothing is classified.
        package let answers: [Answer]
        /// Whether the evaluated model is as accurate as asked for.
        package let hasReachedTarget: Bool

        /// Which model the figures of the run are those of.
        package var evaluated: Summary.Evaluated { server == nil ? .consensus : .server }
        package var evaluatedScore: Score { server ?? consensus }
        package var evaluatedModel: Payload { serverModel ?? model }

        /// The score of a peer's model; nil where it was not given.
        package func score(of peer: PeerID) -> Score? {
            subjects.firstIndex(of: peer).flatMap { peers.indices.contains($0) ? peers[$0] : nil }
        }
    }

    private let test: any ModelTest
    private let validation: (any ModelTest)?
    private let plan: TrainingPlan
    /// Learners whose models are in no test, as long as there are others.
    private let byzantinePeers: Set<PeerID>
    /// Seconds of training after which the evaluated model was first found as accurate as asked for.
    package var secondsToTarget: Double?

    package init(_ plan: TrainingPlan, byzantinePeers: [PeerID] = []) throws {
        self.byzantinePeers = Set(byzantinePeers)
        test = try plan.workload.test()
        validation = try plan.workload.validation()
        self.plan = plan
    }

    /// Those of the learners who are honest; all of them where none is, such as when the honest have died.
    package func honest(among learners: [PeerID]) -> [PeerID] {
        let honest = learners.filter { !byzantinePeers.contains($0) }
        return honest.isEmpty ? learners : honest
    }

    /// Tests what was handed in for a test on the way.
    package func test(_ round: TestRounds.Round, time: Double, _ metrics: MetricsWriter?) throws -> Round {
        let all = round.snapshots.filter { $0.peer.rawValue < plan.experiment.peers }
        let honest = Set(honest(among: all.map(\.peer)))
        let learners = all.filter { honest.contains($0.peer) }
        var samples = [Int](repeating: 0, count: plan.experiment.peers)
        for snapshot in learners { samples[snapshot.peer.rawValue] = snapshot.samples }
        let models = plan.workload.wholeModels(of: learners.map { ($0.peer.rawValue, $0.model) })
        return try test(
            models, consensus: Consensus(of: models.map(\.model)),
            server: round.snapshots[all.count...].last?.model, samples: samples, step: round.step, time: time,
            metrics)
    }

    /// Tests models after a step and writes what comes out.
    ///
    /// - Parameters:
    ///   - models: each one's, and who has learned it; none where there are too many to test each.
    ///   - consensus: their average.
    ///   - samples: how many each learner has seen.
    package func test(
        _ models: [WholeModel], consensus: Consensus, server: Payload?, samples: [Int], step: UInt64, time: Double,
        _ metrics: MetricsWriter?
    ) throws -> Round {
        func write(_ split: MetricsRecord.Split, _ peer: MetricsRecord.Subject, _ score: Score) throws {
            try metrics?.write(
                .learning(
                    step: Int(step), time: time, epoch: Double(step) / Double(plan.length.stepsPerEpoch), peer: peer,
                    split: split,
                    loss: score.loss, accuracy: score.accuracy,
                    samples: seen(by: peer)))
        }
        let seenByModels = models.map { model in (model.peer, model.members.map { samples[$0] }.reduce(0, +)) }
        let seenBy = Dictionary(uniqueKeysWithValues: seenByModels)
        func seen(by peer: MetricsRecord.Subject) -> Int {
            if case .peer(let index) = peer { seenBy[index] ?? 0 } else { samples.reduce(0, +) }
        }
        let subjects: [(MetricsRecord.Subject, Payload)] =
            models.map { (.peer($0.peer), $0.model) } + [(.consensus, consensus.model)]
            + (server.map { [(.server, $0)] } ?? [])
        if let validation {
            for (subject, model) in subjects { try write(.validation, subject, validation.score(model)) }
        }
        var results: [Score] = []
        for (subject, model) in subjects.dropLast() {
            results.append(test.score(model))
            try write(.test, subject, results[results.count - 1])
        }
        // The last one is that which the run is judged by.
        let (score, answers) = test.answers(of: server ?? consensus.model)
        results.append(score)
        try write(.test, server == nil ? .consensus : .server, score)
        try metrics?.write(.consensus(step: Int(step), time: time, distance: consensus.distance))
        let accuracy = results[models.count + (server == nil ? 0 : 1)].accuracy
        let target = plan.experiment.evaluate.targetAccuracy
        let hasReachedTarget = if let accuracy, let target { accuracy >= target } else { false }
        if hasReachedTarget && secondsToTarget == nil { secondsToTarget = time }
        return Round(
            subjects: models.map { PeerID($0.peer) }, peers: Array(results.prefix(models.count)),
            consensus: results[models.count],
            server: server.map { _ in results[models.count + 1] }, distance: consensus.distance,
            model: consensus.model, serverModel: server, answers: answers,
            hasReachedTarget: hasReachedTarget)
    }
}
