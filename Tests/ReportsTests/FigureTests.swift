import Testing

@testable import Reports

@Suite struct FigureTests {
    @Test func dataHasABlockForEachCurve() throws {
        let figures = Figure.figures(of: [try TestRun.read()])
        #expect(
            figures.map(\.name) == [
                "accuracy", "loss", "distance", "learning-rate", "graph", "messages", "seconds-per-peer",
            ])
        #expect(
            figures[1].table == """
                # murmur figure: Loss, a block for each curve
                # curve\tkind\tseconds\tepochs\tsamples\tbytes\tleast\tmean\tmost
                consensus model, test\tconsensus\t2\t0.5\t80\t1000\t0.9\t0.9\t0.9
                consensus model, test\tconsensus\t4\t1\t160\t3000\t0.5\t0.5\t0.5


                peers, test\tpeers\t2\t0.5\t80\t1000\t0.5\t1\t1.5
                peers, test\tpeers\t4\t1\t160\t3000\tnan\tnan\tnan


                peers, training\ttraining\t1.5\t0.5\t80\t750\t1\t1.5\t2

                """)
        #expect(
            figures[4].table.hasSuffix("\n280\t40\t0\t1\t3000\n280\t520\t0\t1\t3000\n\n\n280\t40\t0\n280\t520\t1\n"))
        #expect(figures[5].table.hasSuffix("\n0\t10\n20\t0\n"))
        for figure in figures {
            #expect(figure.script.hasPrefix(Figure.mark))
            #expect(figure.script.contains("set output '\(figure.name).svg'"))
        }
    }

    @Test func severalRunsHaveFiguresOfTheirOwn() throws {
        let run = try TestRun.read()
        let names = Figure.figures(of: [run, run]).map(\.name)
        #expect(names.contains("messages-1") && names.contains("messages-2"))
        #expect(Set(names).count == names.count)
    }

    /// A name must stay a name in gnuplot, which runs what stands in backquotes or after an unclosed quote.
    @Test func namesAreNoCommands() throws {
        #expect(Figure.quoted("a'; system 'x'\n`y`\t_") == "'a''; system ''x'' `y` _'")
        #expect(Figure.field("a\tb\nc") == "a b c")
    }
}
