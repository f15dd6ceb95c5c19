import Vectors

/// Tests the models of a run: each peer's and their average, on the test samples and, where some were set apart, on the
/// validation samples.
final class RunEvaluation {
    /// The outcome on the test samples.
    struct Round {
        let peers: [TrainingOutcome.Score]
        let consensus: TrainingOutcome.Score
        let distance: Double
        let model: Payload
        /// Whether the consensus model is as accurate as asked for.
        let hasReachedTarget: Bool
    }

    private let test: any ModelTest
    private let validation: (any ModelTest)?
    private let stepsPerEpoch: Double
    private let targetAccuracy: Double?
    /// Seconds of training after which the consensus model was first found as accurate as asked for.
    var secondsToTarget: Double?

    init(_ plan: TrainingPlan) throws {
        test = try plan.workload.test()
        validation = try plan.workload.validation()
        stepsPerEpoch = plan.stepsPerEpoch
        targetAccuracy = plan.experiment.evaluate.targetAccuracy
    }

    /// Tests the peers' models after a step and writes what comes out.
    func test(
        _ models: [Payload], samples: [Int], step: UInt64, time: Double, _ metrics: MetricsWriter?
    ) throws -> Round {
        let consensus = Consensus(of: models)
        func write(_ split: MetricsRecord.Split, _ peer: Int?, _ score: TrainingOutcome.Score) throws {
            try metrics?.write(
                .learning(
                    step: Int(step), time: time, epoch: Double(step) / stepsPerEpoch, peer: peer, split: split,
                    loss: score.loss, accuracy: score.accuracy,
                    samples: peer.map { samples[$0] } ?? samples.reduce(0, +)))
        }
        func scores(_ test: any ModelTest, _ split: MetricsRecord.Split) throws -> [TrainingOutcome.Score] {
            var scores: [TrainingOutcome.Score] = []
            for (peer, model) in (models + [consensus.model]).enumerated() {
                scores.append(test.score(model))
                try write(split, peer < models.count ? peer : nil, scores[peer])
            }
            return scores
        }
        if let validation { _ = try scores(validation, .validation) }
        let results = try scores(test, .test)
        try metrics?.write(.consensus(step: Int(step), time: time, distance: consensus.distance))
        let accuracy = results[models.count].accuracy
        let hasReachedTarget =
            if let accuracy, let targetAccuracy { accuracy >= targetAccuracy } else { false }
        if hasReachedTarget && secondsToTarget == nil { secondsToTarget = time }
        return Round(
            peers: Array(results.dropLast()), consensus: results[models.count], distance: consensus.distance,
            model: consensus.model, hasReachedTarget: hasReachedTarget)
    }
}
