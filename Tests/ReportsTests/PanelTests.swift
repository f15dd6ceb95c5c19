import Testing

@testable import Reports

@Suite struct PanelTests {
    private let panel = Panel(
        "Loss <1>", PanelAxis("seconds"), PanelAxis("loss", isLogarithmic: true),
        [
            PanelCurve("a", CurveStyle(0), points: [.init(1, 2), .init(2, .nan)]),
            PanelCurve("it's", CurveStyle(7, .thin), points: [.init(1, 2, low: 1, high: 3)]),
            PanelCurve("none", CurveStyle(2), points: []),
        ])

    @Test func theLegendStandsAboveThePicture() throws {
        let text = panel.markup.text
        let legend = try #require(text.firstRange(of: "</ul>")).upperBound
        #expect(legend <= (try #require(text.firstRange(of: "<svg"))).lowerBound)
        #expect(text.contains("<figcaption>Loss &lt;1&gt;</figcaption>"))
        #expect(text.contains("<i class=\"swatch line c1 thin again1\"></i><span>it&#39;s</span>"))
    }

    /// Blocks are numbered over all panels, and one without a point is one, too.
    @Test func aFigureHasABlockForEachCurve() {
        let figure = Figure("both", title: "a\tb", panels: [panel, panel])
        #expect(
            figure.table == """
                # murmur figure: a b, a block for each curve
                # panel\tcurve\tx\ty\tleast\tmost
                Loss <1>\ta\t1\t2\tnan\tnan
                Loss <1>\ta\t2\tnan\tnan\tnan


                Loss <1>\tit's\t1\t2\t1\t3


                Loss <1>\tnone\tnan\tnan\tnan\tnan


                Loss <1>\ta\t1\t2\tnan\tnan
                Loss <1>\ta\t2\tnan\tnan\tnan


                Loss <1>\tit's\t1\t2\t1\t3


                Loss <1>\tnone\tnan\tnan\tnan\tnan

                """)
        for part in [
            "set multiplot layout 1,2 title 'a b'", "index 4 using 3:5:6", "index 4 using 3:4", "title 'it''s'",
            "unset logscale x", "set logscale y", "set xlabel 'seconds'",
        ] {
            #expect(figure.script.contains(part), "\(part)")
        }
        #expect(!Figure("one", panels: [panel]).script.contains("multiplot"))
    }

    /// Behind the last colour they come again, so that another pattern must tell them apart.
    @Test func manyCurvesAreToldApart() {
        let styles = (0..<24).map { CurveStyle($0) }
        #expect(Set(styles.map(\.classes)).count == 24)
        #expect(Set(styles.map(\.plotted)).count == 24)
    }
}
