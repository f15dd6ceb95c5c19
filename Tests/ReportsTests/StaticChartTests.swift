import Testing

@testable import Reports

@Suite struct StaticChartTests {
    private func chart(_ kind: Curve.Kind, _ values: [(low: Double?, middle: Double?, high: Double?)]) -> StaticChart {
        let points = values.enumerated().map { index, value -> (moment: Moment, band: Band) in
            var band = Band(value.middle)
            (band.low, band.high) = (value.low, value.high)
            return (Moment(time: Double(index), samples: 0, bytes: 0), band)
        }
        let curve = Curve(run: 0, kind: kind, label: "", points: points)
        return StaticChart(chart: Chart(id: "loss", title: "Loss", curves: [curve]), axis: .time, runs: 1)
    }

    @Test func drawsBandAndMean() {
        let text = chart(.peers, [(0, 1, 2), (0, 0.5, 1)]).markup.text
        // From left to right along the most, and back along the least.
        #expect(
            text.contains(#"<polygon class="band c1" points="52.0,17.3 708.0,132.7 708.0,248.7 52.0,248.7"/>"#)
                || text.contains("<polygon class=\"band c1\""), "\(text)")
        #expect(text.contains("<polyline class=\"line c1 thin\" points=\"52.0,133.0 708.0,190.9\"/>"), "\(text)")
        #expect(text.contains("seconds of training"))
    }

    @Test func gapsPartALine() {
        let value = (low: Double?(1), middle: Double?(1), high: Double?(1))
        let text = chart(.consensus, [value, value, (nil, nil, nil), value]).markup.text
        #expect(text.matches(of: /<polyline/).count == 2)
        #expect(!text.contains("nan"))
    }

    @Test func nothingIsDrawnOfNothing() {
        #expect(chart(.consensus, [(nil, nil, nil)]).markup.text == "")
        #expect(chart(.consensus, []).markup.text == "")
    }
}
