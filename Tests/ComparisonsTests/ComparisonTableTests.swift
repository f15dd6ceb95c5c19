import Testing

@testable import Comparisons

@Suite struct ComparisonTableTests {
    private func measure(_ name: String) throws -> Measure { try #require(Measure.named(name)) }

    private func table(_ values: [[Double?]], labels: [String], _ name: String = "accuracy") throws -> ComparisonTable {
        ComparisonTable(
            labels: ["run"], columns: [ComparisonTable.Column(measure: try measure(name))], besides: ["published"],
            rows: zip(labels, values).map {
                ComparisonTable.Row(labels: [$0], cells: [Spread(values: $1)], besides: ["0.9"])
            })
    }

    @Test func spreadIsMeanAndSampleDeviation() {
        let spread = Spread(values: [1, 2, 3, 6])
        #expect(spread.mean == 3)
        // The squares are 4, 1, 0 and 9; a third of their sum is 14 / 3.
        #expect(abs((spread.deviation ?? 0) - (14.0 / 3).squareRoot()) < 1e-15)
        #expect(Spread(values: [5]).deviation == nil)
        #expect(Spread(values: [5]).text(.decimal) == "5.0000")
        #expect(Spread(values: [1, 3]).text(.decimal) == "2.0000 ± 1.4142")
    }

    /// A mean of those that came to it would look better than the runs are.
    @Test func aMissingNumberLeavesNoMean() {
        #expect(Spread(values: [1, nil]).mean == nil)
        #expect(Spread(values: [1, nil, 3]).text(.seconds) == "in 2 of 3")
        #expect(Spread(values: [nil, nil]).text(.seconds) == "–")
    }

    @Test func theBestIsMarkedByTheMeasuresDirection() throws {
        let accuracy = try table([[0.8], [0.9], [nil]], labels: ["a", "b", "c"])
        #expect((0..<3).map { accuracy.isBest(row: $0, column: 0) } == [false, true, false])
        let seconds = try table([[0.8], [0.9], [nil]], labels: ["a", "b", "c"], "time_to_target_seconds")
        #expect((0..<3).map { seconds.isBest(row: $0, column: 0) } == [true, false, false])
        let equal = try table([[0.8], [0.8]], labels: ["a", "b"])
        #expect(!equal.isBest(row: 0, column: 0))
        let alone = try table([[0.8]], labels: ["a"])
        #expect(!alone.isBest(row: 0, column: 0))
        let samples = try table([[1], [2]], labels: ["a", "b"], "samples_seen")
        #expect((0..<2).allSatisfy { !samples.isBest(row: $0, column: 0) })
    }

    @Test func textIsAligned() throws {
        let text = TableFormat.text.text(of: try table([[0.5], [0.25]], labels: ["a", "longer"]))
        #expect(
            text == """
                run     accuracy  published
                a        *0.5000        0.9
                longer    0.2500        0.9

                """)
    }

    @Test func markdownAndLaTeXMeanNothingByLabels() throws {
        let hostile = "a|b*<script>_\\&%$\n"
        let table = try table([[0.5], [0.25]], labels: [hostile, "b"])
        #expect(
            TableFormat.markdown.text(of: table) == """
                | run | accuracy | published |
                | --- | ---: | ---: |
                | a\\|b\\*&lt;script>\\_\\\\&amp;%$  | **0.5000** | 0.9 |
                | b | 0.2500 | 0.9 |

                """)
        let latex = TableFormat.latex.text(of: table)
        #expect(
            latex.contains("a|b*\\textless{}script\\textgreater{}\\_\\textbackslash{}\\&\\%\\$  & \\textbf{0.5000}"))
        #expect(latex.hasPrefix("\\begin{tabular}{lrr}\n"))
    }

    @Test func csvHasAllDigitsAndQuotes() throws {
        let text = TableFormat.csv.text(of: try table([[0.1, 0.2], [1.0 / 3]], labels: ["say \"a,b\"", "c"]))
        let lines = text.split(separator: "\r\n")
        #expect(lines[0] == "run,accuracy,accuracy deviation,published")
        #expect(lines[1].hasPrefix("\"say \"\"a,b\"\"\",0.15000000000000002,0.0707106781186547"))
        #expect(lines[2] == "c,0.3333333333333333,,0.9")
    }

    @Test func measuresHaveNamesOfTheirOwn() {
        #expect(Set(Measure.all.map(\.name)).count == Measure.all.count)
        #expect(Measure.usual.count == 6)
    }
}
