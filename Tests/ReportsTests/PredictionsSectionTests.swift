import Foundation
import Records
import TestKit
import Testing

@testable import Reports

@Suite struct PredictionsSectionTests {
    static let image = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3]).base64EncodedString()

    /// Three of a cat, one of them taken for a dog; a dog taken for a cat twice; no bird.
    static let predictions = PredictionsRecord(
        classes: ["cat", "dog", "bird"], labels: [0, 0, 0, 1, 1, 1], answers: [0, 0, 1, 0, 0, 1],
        mistakes: [
            .init(sample: 3, confidence: 0.987, image: image), .init(sample: 2, confidence: 0.5, image: image),
        ])

    @Test func answersAreCounted() {
        let confusion = Confusion(Self.predictions)
        #expect(confusion.counts == [[2, 1, 0], [2, 1, 0], [0, 0, 0]])
        #expect(
            confusion.mostFrequent(10) == [.init(label: 1, answer: 0, count: 2), .init(label: 0, answer: 1, count: 1)])
        #expect(confusion.share(0) == 2.0 / 3 && confusion.share(2) == nil)
    }

    @Test func fewClassesGetNumbers() {
        let text = PredictionsSection(predictions: Self.predictions).markup.text
        #expect(text.contains("<td class=\"h7\" title=\"cat taken for cat: 2\">2</td>"))
        #expect(text.contains("<td class=\"x10\" title=\"dog taken for cat: 2\">2</td>"))
        #expect(text.contains("<td class=\"x5\" title=\"cat taken for dog: 1\">1</td>"))
        #expect(text.contains("<img src=\"data:image/png;base64,\(Self.image)\" alt=\"test sample 3\">"))
        #expect(text.contains("<b>cat</b>, 99\u{A0}%<br>is dog"))
        #expect(text.contains("<td class=\"word\">cat</td><td>2</td><td>66.7 %</td>"))
    }

    @Test(arguments: [21, 200, 201]) func manyClassesGetAPictureOrNone(count: Int) {
        let labels = Array(0..<count)
        let predictions = PredictionsRecord(
            classes: labels.map { "class \($0)" }, labels: labels, answers: labels.map { ($0 + 1) % count },
            mistakes: [])
        let text = PredictionsSection(predictions: predictions).markup.text
        #expect(text.contains("viewBox=\"0 0 \(count) \(count)\"") == (count <= 200))
        #expect(!text.contains("<table class=\"matrix") && text.contains("Most often confused"))
        #expect(Figure.confusion(predictions, name: "confusion", label: "run").script.contains("set tics"))
    }

    /// Names of classes come from folders, which anybody names.
    @Test func namesOfClassesStayText() throws {
        let hostile = ["</script><script>alert(1)</script>", "<img src=x>", String(repeating: "n", count: 5000)]
        let predictions = PredictionsRecord(
            classes: hostile, labels: [0, 1, 2], answers: [1, 2, 0],
            mistakes: [.init(sample: 0, confidence: .infinity, image: Self.image)])
        let run = try TestRun.read(["predictions.json": predictions.text.replacing("inf", with: "0.5")])
        #expect(run.remarks.isEmpty == (run.predictions != nil))
        let text = PredictionsSection(predictions: predictions).markup.text
        #expect(!text.contains("<script") && !text.contains("<img src=x") && text.utf8.count < 10_000)
        let figure = Figure.confusion(predictions, name: "confusion", label: "a'\nb")
        #expect(figure.script.contains("'a b'") == false && figure.script.contains("answers, a'' b"))
    }

    @Test func everythingRightIsSaid() {
        let right = PredictionsRecord(classes: ["a", "b"], labels: [0, 1], answers: [0, 1], mistakes: [])
        let text = PredictionsSection(predictions: right).markup.text
        #expect(text.contains("Every test sample was classified right.") && !text.contains("Got wrong"))
    }

    @Test func aRunHasTheSectionOnce() throws {
        let run = try TestRun.read(["predictions.json": Self.predictions.text])
        #expect(run.predictions == Self.predictions)
        #expect(ReportPage(runs: [run]).html.contains("<h2>What the model says</h2>"))
        let both = ReportPage(runs: RunRecords.named([run, run])).html
        #expect(both.contains("<details><summary>run (2)</summary>\n<div class=\"sides\">"))
        #expect(Figure.figures(of: [run]).map(\.name).contains("confusion"))
    }
}
