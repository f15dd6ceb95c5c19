/// The charts of a report with the switches that hold for all of them.
struct ChartSection {
    let charts: [Chart]
    let runs: Int
    /// Whether the chart library draws; else the page holds still pictures, one for each axis.
    let isInteractive: Bool

    var markup: Markup {
        let note =
            "A line of peers is their mean; its band reaches from the least to the most. Bytes at training points lie "
            + "on straight lines between the tests, at which they were recorded."
        let zoom = "Drag over a chart to zoom in; a double click shows all of it again."
        let hint: Markup = isInteractive ? " <span class=\"hint\">\(zoom)</span>" : ""
        return """
            <form class="switches" id="switches">
            \(axes)\(kinds)</form>
            <div class="charts">
            \(charts.map(figure))</div>
            <p class="note">\(note)\(hint)</p>

            """
    }

    private var axes: Markup {
        let choices = Axis.allCases.map { axis -> Markup in
            let checked: Markup = axis == .time ? " checked" : ""
            return
                "<label><input type=\"radio\" name=\"axis\" value=\"\(axis.rawValue)\"\(checked)>\(axis.name)</label>\n"
        }
        return "<fieldset><legend>Against</legend>\n\(choices)</fieldset>\n"
    }

    /// Which kinds of curves are shown; with several runs the busiest is left out at first.
    private var kinds: Markup {
        guard isInteractive else { return "" }
        let names: [(Curve.Kind, String)] = [
            (.consensus, "consensus model"), (.server, "server"), (.peers, "peers"), (.training, "training"),
        ]
        let present = Set(charts.flatMap(\.curves).map(\.kind))
        let choices = names.filter { present.contains($0.0) }.map { kind, name -> Markup in
            let checked: Markup = runs > 1 && kind == .training ? "" : " checked"
            return
                "<label><input type=\"checkbox\" name=\"kind\" value=\"\(kind.rawValue)\"\(checked)>\(name)</label>\n"
        }
        return choices.count < 2 ? "" : "<fieldset><legend>Show</legend>\n\(choices)</fieldset>\n"
    }

    private func figure(_ chart: Chart) -> Markup {
        let entries = chart.curves.map { Panel.entry($0.label, $0.style(runs: runs)) }
        let place: Markup =
            "<div class=\"chart\" id=\"chart-\(chart.id)\" role=\"img\" aria-label=\"\(chart.title)\"></div>\n"
        return """
            <figure id="figure-\(chart.id)">
            <figcaption>\(chart.title)</figcaption>
            <ul class="legend" id="legend-\(chart.id)">\(entries)</ul>
            \(isInteractive ? place : pictures(chart))</figure>

            """
    }

    private func pictures(_ chart: Chart) -> Markup {
        let pictures = Axis.allCases.map { axis -> Markup in
            let hidden: Markup = axis == .time ? "" : " hidden"
            return """
                <div data-axis="\(axis.rawValue)"\(hidden)>
                \(chart.panel(on: axis, runs: runs).picture)</div>

                """
        }
        return "\(pictures)"
    }
}
