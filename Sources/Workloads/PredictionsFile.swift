import Datasets
import Foundation
package import Records

/// What a model says of the test samples, as a record of its run.
public enum PredictionsFile {
    /// How many mistakes are kept with their pictures.
    private static let mistakeLimit = 24

    /// The record of a model's answers to a workload's test samples; nil where there are none, or too many.
    package static func record(_ answers: [Answer], of workload: any Workload) -> PredictionsRecord? {
        guard !answers.isEmpty, answers.count <= PredictionsRecord.sampleLimit,
            let network = workload.undivided as? NetworkWorkload,
            network.dataset.classes.count <= PredictionsRecord.classLimit
        else { return nil }
        let test = network.dataset.test
        let labels = test.labels.map { Int($0) }
        let wrong = answers.indices.filter { answers[$0].label != labels[$0] && answers[$0].confidence.isFinite }
            .sorted { (-answers[$0].confidence, $0) < (-answers[$1].confidence, $1) }
        let mistakes = wrong.prefix(mistakeLimit).compactMap { sample in
            test.thumbnail(of: sample).map {
                PredictionsRecord.Mistake(
                    sample: sample, confidence: Double(answers[sample].confidence),
                    image: Data($0).base64EncodedString())
            }
        }
        return PredictionsRecord(
            classes: network.dataset.classes, labels: labels, answers: answers.map(\.label), mistakes: mistakes)
    }
}
