extension Figure {
    /// A figure of panels, side by side and in rows of at most three, from any values: the compared runs' own or what
    /// was made of them.
    ///
    /// - Parameters:
    ///   - name: the name of its files, without an ending; letters, digits and `-`.
    ///   - title: what stands above all panels; nil for nothing.
    public init(_ name: String, title: String? = nil, panels: [Panel]) {
        precondition(!panels.isEmpty, "figure \(name) has no panel")
        let columns = min(panels.count, 3)
        let rows = (panels.count + columns - 1) / columns
        let blocks = panels.flatMap { panel in panel.curves.map { Self.block($0, of: panel) } }
        var firsts: [Int] = [0]
        for panel in panels { firsts.append(firsts[firsts.count - 1] + panel.curves.count) }
        let plots = zip(panels, firsts).map { Self.plot($0, name: name, first: $1) }
        let heading = title.map { " title \(Self.quoted($0))" } ?? ""
        let isOne = panels.count == 1
        let drawing =
            isOne ? plots[0] : "set multiplot layout \(rows),\(columns)\(heading)\n\(plots.joined())unset multiplot"
        self.init(
            name: name,
            table: "\(Self.mark): \(Self.field(title ?? panels[0].title)), a block for each curve\n"
                + "# panel\tcurve\tx\ty\tleast\tmost\n" + blocks.joined(separator: "\n\n"),
            script: Self.script(
                name,
                """
                set grid linecolor rgb '#dddddd'
                set key outside below maxcols \(isOne ? 3 : 2) samplen 2
                """, drawing: drawing, again: drawing, width: isOne ? 800 : 560 * columns, height: 500 * rows))
    }

    private static func block(_ curve: PanelCurve, of panel: Panel) -> String {
        let rows = curve.points.map { point in
            ([field(panel.title), field(curve.label)] + [point.x, point.y, point.low, point.high].map(number))
                .joined(separator: "\t") + "\n"
        }
        // A block without a line would be none, and the numbers of those behind it wrong.
        return rows.isEmpty ? "\(field(panel.title))\t\(field(curve.label))\tnan\tnan\tnan\tnan\n" : rows.joined()
    }

    /// The lines of a script that draw one panel, whose curves are the blocks from `first` on.
    private static func plot(_ panel: Panel, name: String, first: Int) -> String {
        let curves = panel.curves.enumerated().map { (index: first + $0.offset, curve: $0.element) }
        let bands = curves.filter(\.curve.hasBand).map { index, curve in
            "'\(name).tsv' index \(index) using 3:5:6 " + band(CurveStyle.palette[curve.style.color])
        }
        let lines = curves.map { index, curve in
            "'\(name).tsv' index \(index) using 3:4 \(curve.style.plotted) title \(quoted(curve.label))"
        }
        let drawn = bands + lines
        func scale(_ axis: PanelAxis, _ letter: String) -> String {
            """
            \(axis.isLogarithmic ? "set" : "unset") logscale \(letter)
            set \(letter)label \(quoted(axis.title))

            """
        }
        return """
            set title \(quoted(panel.title))
            \(scale(panel.horizontal, "x"))\(scale(panel.vertical, "y"))\
            plot \(drawn.isEmpty ? "[0:1] [0:1] NaN notitle" : drawn.joined(separator: ", \\\n     "))

            """
    }
}
