import Records
import TestKit
import Testing

@testable import Reports

@Suite struct GraphSectionTests {
    private let graph = GraphRecord(
        name: "ring <b>", receivers: [[1], [0]], period: 1, columns: nil, moduli: [1, 0.5], spectralGap: 0.5)

    @Test func theSpectrumIsDrawnAndExplained() throws {
        let section = GraphSection(run: try TestRun.read(["graph.json": graph.text]))
        #expect(section.spectrumPanel?.curves[0].points == [.init(1, 1), .init(2, 0.5)])
        let text = section.markup.text
        #expect(text.contains("Graph: ring &lt;b&gt;. "))
        #expect(text.contains("The spectral gap is 0.5: without gradients, differences shrink to a thousandth in 10"))
        #expect(Figure.figures(of: [section.run]).map(\.name).contains("spectrum"))
        #expect(Figure.figures(of: [section.run]).map(\.name).contains("graph"))
    }

    /// ln(1000) / -ln(1 - gap) rounds.
    @Test(
        arguments: [
            (1.0, "brings all peers to their average"), (0.0, "differences stay"), (0.01, "in 688 rounds"),
            (-1, "differences stay"), (.nan, "brings"),
        ])
    func aGapIsPutIntoWords(gap: Double, words: String) {
        #expect(GraphSection.sentence(gap: gap).contains(words), "\(GraphSection.sentence(gap: gap))")
    }

    @Test func withoutARecordOfTheSpectrumThatIsSaid() throws {
        let none = GraphRecord(
            name: "ring", receivers: [[1], [0]], period: 3, columns: nil, moduli: nil, spectralGap: nil)
        let text = GraphSection(run: try TestRun.read(["graph.json": none.text])).markup.text
        #expect(text.contains("is not recorded") && text.contains("repeating after 3 rounds"))
    }

    @Test func aRunOfOnePeerHasNoSuchSection() throws {
        let one = GraphRecord(name: "complete", receivers: [[]], period: 1, columns: nil, moduli: [1], spectralGap: 1)
        let run = try TestRun.read([
            "graph.json": one.text,
            "summary.json": TestRun.summary.replacing("[[0,10],[20,0]]", with: "[[0]]")
                .replacing("[[0,1000],[2000,0]]", with: "[[0]]"),
        ])
        #expect(GraphSection(run: run).markup.text == "")
    }
}
