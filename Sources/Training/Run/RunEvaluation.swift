package import Vectors

/// Tests the models of a run: each learner's, their average and the centre's where there is one, on the test samples
/// and, where some were set apart, on the validation samples.
package final class RunEvaluation {
    /// The outcome on the test samples.
    package struct Round {
        /// Of each model that was given, in their order.
        package let peers: [TrainingOutcome.Score]
        package let consensus: TrainingOutcome.Score
        /// Of the model of the server behind the learners.
        package let centre: TrainingOutcome.Score?
        package let distance: Double
        /// The average of the peers' models.
        package let model: Payload
        package let centreModel: Payload?
        /// Whether the consensus model is as accurate as asked for.
        package let hasReachedTarget: Bool
    }

    private let test: any ModelTest
    private let validation: (any ModelTest)?
    private let stepsPerEpoch: Double
    private let targetAccuracy: Double?
    /// Seconds of training after which the consensus model was first found as accurate as asked for.
    package var secondsToTarget: Double?

    package init(_ plan: TrainingPlan) throws {
        test = try plan.workload.test()
        validation = try plan.workload.validation()
        stepsPerEpoch = plan.stepsPerEpoch
        targetAccuracy = plan.experiment.evaluate.targetAccuracy
    }

    /// Tests the peers' models after a step and writes what comes out.
    ///
    /// - Parameters:
    ///   - peers: whose models they are, where they are not those of all learners.
    ///   - samples: how many each learner has seen.
    package func test(
        _ models: [Payload], of peers: [Int]? = nil, centre: Payload?, samples: [Int], step: UInt64, time: Double,
        _ metrics: MetricsWriter?
    ) throws -> Round {
        try test(
            models, of: peers, consensus: Consensus(of: models), centre: centre, samples: samples, step: step,
            time: time, metrics)
    }

    /// The same with a consensus that is known; where there are too many models to test each, none of them is given.
    package func test(
        _ models: [Payload] = [], of peers: [Int]? = nil, consensus: Consensus, centre: Payload?, samples: [Int],
        step: UInt64, time: Double, _ metrics: MetricsWriter?
    ) throws -> Round {
        func write(_ split: MetricsRecord.Split, _ peer: MetricsRecord.Subject, _ score: TrainingOutcome.Score) throws {
            try metrics?.write(
                .learning(
                    step: Int(step), time: time, epoch: Double(step) / stepsPerEpoch, peer: peer, split: split,
                    loss: score.loss, accuracy: score.accuracy,
                    samples: seen(by: peer)))
        }
        func seen(by peer: MetricsRecord.Subject) -> Int {
            if case .peer(let index) = peer { samples[index] } else { samples.reduce(0, +) }
        }
        let subjects: [(MetricsRecord.Subject, Payload)] =
            zip(peers ?? Array(models.indices), models).map { (.peer($0), $1) } + [(.consensus, consensus.model)]
            + (centre.map { [(.centre, $0)] } ?? [])
        func scores(_ test: any ModelTest, _ split: MetricsRecord.Split) throws -> [TrainingOutcome.Score] {
            try subjects.map { subject, model in
                let score = test.score(model)
                try write(split, subject, score)
                return score
            }
        }
        if let validation { _ = try scores(validation, .validation) }
        let results = try scores(test, .test)
        try metrics?.write(.consensus(step: Int(step), time: time, distance: consensus.distance))
        let accuracy = results[models.count].accuracy
        let hasReachedTarget =
            if let accuracy, let targetAccuracy { accuracy >= targetAccuracy } else { false }
        if hasReachedTarget && secondsToTarget == nil { secondsToTarget = time }
        return Round(
            peers: Array(results.prefix(models.count)), consensus: results[models.count],
            centre: centre.map { _ in results[models.count + 1] }, distance: consensus.distance,
            model: consensus.model, centreModel: centre, hasReachedTarget: hasReachedTarget)
    }
}
