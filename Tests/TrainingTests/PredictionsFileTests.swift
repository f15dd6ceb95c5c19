import Datasets
import Foundation
import Runs
import Testing
import Vectors

@testable import Experiments
@testable import Records
@testable import Training
@testable import Workloads

/// What the evaluated model says of the test samples.
@Suite struct PredictionsFileTests {
    private func plan(_ overrides: String...) throws -> TrainingPlan {
        let small = [
            "data.name=synthetic", "data.samples=700", "model.name=softmax", "epochs=1", "batch=20", "peers=3",
        ]
        let loaded = try LoadedExperiment(file: nil, overrides: small + overrides, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
    }

    /// In the order of the samples, over batches that are not all full, whatever thread computes which.
    @Test func answersAreThoseOfTheTestsOwnPass() throws {
        let plan = try plan()
        let workload = try #require(plan.workload as? NetworkWorkload)
        let model = Payload(workload.initialModel(of: 0).array())
        let test = try workload.test()
        let (score, answers) = test.answers(of: model)
        #expect(score == test.score(model))
        let labels = workload.dataset.test.labels.map { Int($0) }
        #expect(answers.count == labels.count && labels.count % 200 != 0)
        let right = zip(answers, labels).count { $0.label == $1 }
        #expect(Double(right) / Double(labels.count) == score.accuracy)
        #expect(answers.allSatisfy { $0.confidence > 1 / Float(workload.dataset.classes.count) && $0.confidence <= 1 })
    }

    @Test func probabilitiesAreThoseOfTheSoftmax() {
        let answer = Answer([Float(1), 3, 2].span)
        #expect(answer.label == 1)
        #expect(abs(answer.confidence - 0.665_240_96) < 1e-6)
        #expect(Answer([Float(7), 7].span) == Answer(label: 0, confidence: 0.5))
        #expect(Answer([Float.nan, 1].span).confidence.isNaN)
        #expect(Answer([Float(1e30), -1e30].span).confidence == 1)
    }

    @Test(arguments: ["gosgd", "fedavg"]) func aRunTellsOfItsEvaluatedModel(algorithm: String) throws {
        let plan = try plan("algorithm.name=\(algorithm)")
        let outcome = try TrainingRun(plan, metrics: nil).run()
        let record = try #require(PredictionsFile.record(outcome.answers, of: plan.workload))
        let right = zip(record.labels, record.answers).count(where: ==)
        #expect(Double(right) / Double(record.labels.count) == outcome.summary.evaluatedAccuracy)
        #expect(record.mistakes.count == min(24, record.labels.count - right))
        let confidences = record.mistakes.map(\.confidence)
        #expect(confidences == confidences.sorted(by: >))
        for mistake in record.mistakes {
            #expect(record.labels[mistake.sample] != record.answers[mistake.sample])
            #expect(Data(base64Encoded: mistake.image)?.starts(with: [0x89, 0x50, 0x4E, 0x47]) == true)
        }
        #expect(PredictionsRecord(Data(record.text.utf8)) == record)
    }

    @Test func whatClassifiesNothingHasNone() throws {
        let loaded = try LoadedExperiment(
            file: nil, overrides: ["model.name=quadratic", "model.targets=[[1],[2]]", "peers=2", "steps=3"],
            registries: .all)
        let plan = try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
        let outcome = try TrainingRun(plan, metrics: nil).run()
        #expect(outcome.answers.isEmpty && PredictionsFile.record(outcome.answers, of: plan.workload) == nil)
    }
}
