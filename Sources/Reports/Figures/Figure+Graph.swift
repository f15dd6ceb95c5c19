import Records

extension Figure {
    /// The peers and the edges between them, a block of lines for each width, then one of the peers.
    static func graph(_ traffic: GraphTraffic, columns: Int?, name: String, label: String) -> Figure {
        let layout = GraphLayout(learners: traffic.learners, servers: traffic.servers, columns: columns)
        let ordered = traffic.loads.sorted { ($0.key.first, $0.key.second) < ($1.key.first, $1.key.second) }
        let levels = (0...GraphTraffic.levels).map { level in ordered.filter { traffic.level($0.value) == level } }
        let shown = levels.indices.filter { !levels[$0].isEmpty }
        let blocks = shown.map { level in
            levels[level].map { edge, load in
                layout.line(edge.first, edge.second).map {
                    "\(number($0.x))\t\(number($0.y))\t\(edge.first)\t\(edge.second)\t\(load)\n"
                }.joined()
            }.joined(separator: "\n")
        }
        let peers = layout.places.enumerated().map {
            "\(number($0.element.x))\t\(number($0.element.y))\t\($0.offset)\n"
        }
        let isDense = traffic.loads.count > 300
        let lines = shown.enumerated().map { index, level -> String in
            let width = isDense ? 0.4 + 0.2 * Double(level) : 0.6 + 0.9 * Double(level)
            // The first two digits say how clear the colour is.
            let color = level == 0 ? "#a08c959f" : isDense ? "#a00072b2" : "#600072b2"
            return "'\(name).tsv' index \(index) using 1:2 with lines linewidth \(number(width)) "
                + "\(level == 0 ? "dashtype 3 " : "")linecolor rgb '\(color)'"
        }
        let nodes = [
            "with points pointtype 7 pointsize 3.6 linecolor rgb '#ffffff'",
            "with points pointtype 6 pointsize 3.6 linecolor rgb '#8c959f'",
        ].map { "'\(name).tsv' index \(shown.count) using 1:2 \($0)" }
        let texts = ["'\(name).tsv' index \(shown.count) using 1:2:(stringcolumn(3)) with labels font ',9'"]
        return Figure(
            name: name,
            table: "\(mark): graph of \(field(label)), lines from peer to peer, then the peers\n"
                + "# x\ty\tpeer\tpeer\tbytes, both ways\n" + (blocks + [peers.joined()]).joined(separator: "\n\n"),
            script: script(
                name,
                """
                set title \(quoted("bytes between peers, \(label)"))
                set size ratio -1
                set xrange [0:\(number(GraphLayout.side))]
                set yrange [\(number(GraphLayout.side)):0]
                unset border
                unset tics
                unset key
                """, drawing: "plot \((lines + nodes + texts).joined(separator: ", \\\n     "))", again: "replot",
                width: 700, height: 700))
    }

    /// How often each class was taken for each.
    static func confusion(_ predictions: PredictionsRecord, name: String, label: String) -> Figure {
        let confusion = Confusion(predictions)
        let count = confusion.classes.count
        let hasNames = count <= PredictionsSection.tableLimit
        let tics = confusion.classes.enumerated().map {
            "\(quoted(PredictionsSection.short($0.element))) \($0.offset)"
        }.joined(separator: ", ")
        let places =
            hasNames
            ? "set xtics rotate by 45 right (\(tics))\nset ytics (\(tics))" : "set tics \((count + 15) / 16)"
        let numbers =
            hasNames ? ", \\\n     '\(name).tsv' matrix using 1:2:(sprintf('%d', $3)) with labels font ',9'" : ""
        return Figure(
            name: name,
            table: "\(mark): answers of \(field(label)), a row for each class, a column for what the model says\n"
                + confusion.counts.map { $0.map(String.init).joined(separator: "\t") + "\n" }.joined(),
            script: script(
                name,
                """
                set title \(quoted("answers, \(label)"))
                set xlabel 'what the model says'
                set ylabel 'what it is'
                set xrange [-0.5:\(Double(count) - 0.5)]
                set yrange [\(Double(count) - 0.5):-0.5]
                set size ratio 1
                \(places)
                set cbrange [0:*]
                set palette defined (0 '#ffffff', 1 '#4aa8e0')
                unset colorbox
                unset key
                """, drawing: "plot '\(name).tsv' matrix with image\(numbers)", again: "replot", width: 760, height: 700
            ))
    }
}
