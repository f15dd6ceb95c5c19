import Configuration
import Records

/// The report of one run, or of several on the same charts: a page that needs nothing beside itself, no network either.
struct ReportPage {
    let runs: [RunRecords]
    var assets = ReportAssets.embedded

    var html: String { page.html }

    var page: HTMLPage {
        let charts = Chart.charts(of: runs)
        var page = HTMLPage(
            title: title,
            remarks: runs.flatMap { run in run.remarks.map { runs.count == 1 ? $0 : "\(run.label): \($0)" } },
            sections: """
                \(figures)\(sentences)\(chartSection(charts))\(answers)\(talking)\(stages)\(times)\(numbers)\
                \(experiment)\(machine)
                """,
            footer: "Written by murmur \(murmurVersion) from records of the \(runs.count == 1 ? "run" : "runs").")
        page.assets = assets
        page.scripts = scripts(charts)
        return page
    }

    private var title: String {
        guard runs.count == 1 else { return "\(runs.count) runs compared" }
        let name = runs[0].setting("name")
        return name.map { $0 == runs[0].label ? $0 : "\($0) (\(runs[0].label))" } ?? runs[0].label
    }

    // MARK: Sections

    private func section(_ title: String, _ content: Markup) -> Markup { HTMLPage.section(title, content) }

    /// A part for each run, under the run's name where there are several.
    private func each(_ part: (RunRecords) -> Markup) -> Markup {
        let parts = runs.map { run -> Markup in
            let content = part(run)
            return runs.count == 1 || content.text.isEmpty ? content : "<h3>\(run.label)</h3>\n\(content)"
        }
        return "\(parts)"
    }

    /// The few numbers that are looked for first.
    private var figures: Markup {
        guard runs.count == 1 else { return section("Comparison", RunTables.comparison(runs).markup) }
        let last = runs[0].tests.last
        let traffic = runs[0].metrics.traffic.last
        var figures = [
            ("test accuracy, \(last?.judged ?? "consensus")", Quantity.decimal(last?.evaluated?.accuracy, 4))
        ]
        let peers = Band(over: (last?.peers.map(\.score.accuracy)) ?? [])
        if (last?.peers.count ?? 0) > 1 {
            let range = "\(Quantity.decimal(peers.low, 4)) – \(Quantity.decimal(peers.high, 4))"
            figures.append(("test accuracy, peers", range))
        }
        figures.append(("test loss, \(last?.judged ?? "consensus")", Quantity.decimal(last?.evaluated?.loss, 4)))
        if let last { figures.append(("training", Quantity.duration(last.moment.time))) }
        if let summary = runs[0].summary {
            figures.append(("samples a second", Quantity.count(summary.samplesPerSecond)))
        }
        if let traffic {
            figures.append(("sent in \(Quantity.count(traffic.messages)) messages", Quantity.bytes(traffic.bytes)))
        }
        let items = figures.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>\n" as Markup }
        return "<dl class=\"figures\">\n\(items)</dl>\n"
    }

    private var sentences: Markup {
        guard runs.count > 1 else {
            return section("Summary", "\(RunSentences(run: runs[0]).all.map { "<p>\($0)</p>\n" as Markup })")
        }
        let items = runs.map { run -> Markup in "<li><b>\(run.label)</b>: \(RunSentences(run: run).outcome)</li>\n" }
        let ranking = RunSentences.ranking(runs).map { "<p>\($0)</p>\n" as Markup } ?? ""
        return section("Summary", "\(ranking)<ul>\n\(items)</ul>\n")
    }

    private func chartSection(_ charts: [Chart]) -> Markup {
        let shown = charts.filter { !$0.isEmpty }
        guard !shown.isEmpty else { return section("Course", "<p>Nothing has been recorded yet.</p>\n") }
        return section("Course", ChartSection(charts: shown, runs: runs.count, isInteractive: assets.hasCharts).markup)
    }

    private var talking: Markup {
        section("Who talked to whom", each { GraphSection(run: $0).markup })
    }

    private var answers: Markup {
        section(
            "What the model says", folded { $0.predictions.map { PredictionsSection(predictions: $0).markup } ?? "" })
    }

    /// A part for each run, under the run's name where there are several, to be opened then.
    private func folded(_ part: (RunRecords) -> Markup) -> Markup {
        let parts = runs.map { run -> Markup in
            let content = part(run)
            guard runs.count > 1, !content.text.isEmpty else { return content }
            return "<details><summary>\(run.label)</summary>\n\(content)</details>\n"
        }
        return "\(parts)"
    }

    private var stages: Markup { section("Stages", each { StageSection(run: $0).markup }) }

    private var times: Markup {
        section(
            "How the peers spent their time",
            each { run in
                guard let peers = run.summary?.perPeer, !peers.isEmpty else { return "" }
                return PeerTimes(peers: peers).markup
            })
    }

    private var numbers: Markup {
        section(
            "Numbers",
            folded { run in
                let peers = run.summary?.perPeer ?? []
                return """
                    \(RunTables.tests(run)?.markup ?? "")\(peers.isEmpty ? "" : PeerTimes(peers: peers).table.markup)
                    """
            })
    }

    private var experiment: Markup {
        let differences = runs.count > 1 ? RunTables.differences(runs)?.markup ?? "" : ""
        return section("Experiment", "\(differences)\(each(settings))")
    }

    private func settings(_ run: RunRecords) -> Markup {
        guard let configuration = run.configuration else { return "" }
        let overrides =
            run.overrides.isEmpty
            ? ""
            : "<p>Set on the command line: \(run.overrides.map { "<code>\($0)</code> " as Markup })</p>\n" as Markup
        return """
            \(overrides)<details><summary>All settings</summary>
            <pre tabindex="0">\(configuration)</pre>
            </details>

            """
    }

    private var machine: Markup {
        guard runs.count == 1 else { return section("Machine", RunTables.machines(runs)?.markup ?? "") }
        let items = RunTables.facts(runs[0]).map { "<dt>\($0.name)</dt><dd>\($0.value)</dd>\n" as Markup }
        return items.isEmpty ? "" : section("Machine", "<dl class=\"facts\">\n\(items)</dl>\n")
    }

    private func scripts(_ charts: [Chart]) -> Markup {
        let data = Chart.data(assets.hasCharts ? charts : [], runs: runs.count).scriptText
        let library: Markup = assets.hasCharts ? "<script>\n\(Markup(html: assets.chartScript))\n</script>\n" : ""
        return """
            <script type="application/json" id="data">\(Markup(html: data))</script>
            \(library)<script>
            \(Markup(html: assets.script))</script>

            """
    }
}
