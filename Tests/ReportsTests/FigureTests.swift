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

    /// All are in the data; of several runs those that tell them apart are drawn.
    @Test func ofComparedRunsTheirTestsAreDrawn() throws {
        let run = try TestRun.read()
        let (one, two) = (Figure.figures(of: [run])[0], Figure.figures(of: RunRecords.named([run, run]))[0])
        #expect(one.script.contains("title 'peers, training'"))
        #expect(two.script.contains("title 'run: peers'") && !two.script.contains("training'"))
        #expect(two.table.contains("run (2): training") && two.script.contains("index 3 using x:8"))
        let many = Figure.figures(of: RunRecords.named([run, run, run, run]))[0]
        #expect(two.script.contains("filledcurves") && !many.script.contains("filledcurves"))
    }

    /// A name must stay a name in gnuplot, which runs what stands in backquotes or after an unclosed quote.
    @Test func namesAreNoCommands() throws {
        #expect(Figure.quoted("a'; system 'x'\n`y`\t_") == "'a''; system ''x'' `y` _'")
        #expect(Figure.field("a\tb\nc") == "a b c")
    }
}
