import Testing

@testable import Reports

@Suite struct PanelPictureTests {
    private func text(
        _ stroke: CurveStyle.Stroke, _ points: [PanelCurve.Point], x: PanelAxis = PanelAxis("seconds"),
        y: PanelAxis = PanelAxis("loss")
    ) -> String {
        PanelPicture(Panel("Loss", x, y, [PanelCurve("a<b", CurveStyle(1, stroke), points: points)])).markup.text
    }

    @Test func drawsBandAndMean() {
        let text = text(.thin, [.init(0, 1, low: 0, high: 2), .init(1, 0.5, low: 0, high: 1)])
        // From left to right along the most, and back along the least. 250 pixels are the range and 4 % at both ends.
        #expect(text.contains(#"<polygon class="band c1" points="58,17.3 708,133 708,248.7 58,248.7"/>"#), "\(text)")
        #expect(text.contains(#"<polyline class="line c1 thin" points="58,133 708,190.9"/>"#), "\(text)")
        #expect(text.contains(">seconds</text>") && text.contains("aria-label=\"Loss: loss against seconds\""))
    }

    @Test func gapsPartALine() {
        let text = text(.strong, [.init(0, 1), .init(1, 1), .init(2, nil), .init(3, .nan), .init(4, 1)])
        #expect(text.matches(of: /<polyline/).count == 2)
        #expect(!text.contains("nan") && !text.contains("polygon"))
    }

    @Test func equalRatiosAreEqualLengthsOnALogarithmicAxis() throws {
        let log = PanelAxis("samples", isLogarithmic: true)
        let text = text(
            .strong, [.init(1, 1), .init(10, 10), .init(100, 100), .init(0, 5), .init(3, -1)], x: log, y: log)
        // What is not above 0 has no place and parts the line.
        let match = try #require(text.firstMatch(of: /points="([^"]*)"/))
        let places = match.1.split(separator: " ").map { $0.split(separator: ",").compactMap { Double($0) } }
        #expect(places.map(\.[0]) == [58, 383, 708])
        #expect(abs(places[0][1] - 2 * places[1][1] + places[2][1]) < 0.11)
        #expect(text.matches(of: /<polyline/).count == 1)
        for tick in [">1<", ">10<", ">100<"] { #expect(text.contains(tick), "\(tick)") }
    }

    @Test func dotsAreNotJoined() {
        let text = text(.dots, [.init(0, 0), .init(1, 1), .init(2, nil)])
        #expect(text.matches(of: /h0/).count == 2 && !text.contains("polyline"))
    }

    @Test func nothingIsDrawnOfNothing() {
        #expect(text(.strong, [.init(0, nil)]) == "")
        #expect(text(.strong, []) == "")
        #expect(text(.strong, [.init(0, -1)], y: PanelAxis("loss", isLogarithmic: true)) == "")
        #expect(text(.strong, [.init(.infinity, 1)]) == "")
        #expect(text(.strong, [.init(0, -1e308), .init(1, 1e308)]) == "")
        #expect(text(.strong, [.init(0, 1e306), .init(1, 1e307)]).contains("<polyline"))
    }
}
