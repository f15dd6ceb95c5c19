import Foundation
import Records

/// A figure for print: its data, which other tools read too, and the gnuplot script that draws it.
public struct Figure: Sendable {
    /// Of its files, without an ending.
    public let name: String
    /// Columns parted by tabs; lines that begin with # say what they are.
    let table: String
    let script: String

    /// The first line of both files begins so: by it they are known to be ours.
    static let mark = "# murmur figure"

    init(name: String, table: String, script: String) {
        (self.name, self.table, self.script) = (name, table, script)
    }

    /// The figures of some runs: their curves together, who sent to whom and the peers' times for each.
    public static func figures(of runs: [RunRecords]) -> [Figure] {
        let curves = Chart.charts(of: runs).filter { !$0.isEmpty }.map { figure($0, runs: runs.count) }
        let others = runs.enumerated().flatMap { index, run -> [Figure] in
            let suffix = runs.count == 1 ? "" : "-\(index + 1)"
            var figures: [Figure] = []
            if let traffic = GraphTraffic(run) {
                figures.append(graph(traffic, columns: run.graph?.columns, name: "graph\(suffix)", label: run.label))
            }
            if let panel = GraphSection(run: run).spectrumPanel {
                figures.append(Figure("spectrum\(suffix)", title: run.label, panels: [panel]))
            }
            if let predictions = run.predictions, predictions.classes.count > 1 {
                figures.append(confusion(predictions, name: "confusion\(suffix)", label: run.label))
            }
            if let messages = run.summary?.messagesByPair, messages.count > 1 {
                figures.append(matrix(messages, name: "messages\(suffix)", label: run.label))
            }
            if let peers = run.summary?.perPeer, !peers.isEmpty {
                figures.append(times(peers, name: "seconds-per-peer\(suffix)", label: run.label))
            }
            return figures
        }
        return curves + others
    }

    // MARK: Curves

    private static func figure(_ chart: Chart, runs: Int) -> Figure {
        let blocks = chart.curves.map { curve -> String in
            curve.points.map { point in
                let (moment, band) = (point.moment, point.band)
                let numbers = Axis.allCases.map { $0.value(moment) } + [band.low, band.middle, band.high]
                return ([field(curve.label), curve.kind.rawValue] + numbers.map(number)).joined(separator: "\t") + "\n"
            }.joined()
        }
        // What was measured on the way is left out where runs are compared, and so are the bands of many.
        let all = Array(chart.curves.enumerated())
        let tested = all.filter { $0.element.kind != .training }
        let shown = runs == 1 || tested.isEmpty ? all : tested
        let bands = shown.filter { $0.element.hasBand && runs <= 3 }.map { index, curve in
            "'\(chart.id).tsv' index \(index) using x:7:9 "
                + band(CurveStyle.palette[curve.style(runs: runs).color])
        }
        let lines = shown.map { index, curve in
            "'\(chart.id).tsv' index \(index) using x:8 \(curve.style(runs: runs).plotted) "
                + "title \(quoted(curve.label))"
        }
        let plot = (bands + lines).joined(separator: ", \\\n     ")
        return Figure(
            name: chart.id,
            table: "\(mark): \(chart.title), a block for each curve\n"
                + "# curve\tkind\tseconds\tepochs\tsamples\tbytes\tleast\tmean\tmost\n"
                + blocks.joined(separator: "\n\n"),
            script: script(
                chart.id,
                """
                x = 3   # the column to draw against: 3 seconds, 4 epochs, 5 samples, 6 bytes
                set xlabel word('seconds epochs samples bytes', x - 2)
                set ylabel \(quoted(chart.title.lowercased()))
                set format x x < 5 ? '%g' : '%.0s%c'
                set grid linecolor rgb '#dddddd'
                set key outside below maxcols 3 samplen 2
                """, plot: plot))
    }

    /// How the area between two edges is filled.
    static func band(_ color: String) -> String {
        "with filledcurves fillstyle transparent solid 0.15 noborder linecolor rgb '\(color)' notitle"
    }

    // MARK: Peers

    private static func matrix(_ messages: [[Int]], name: String, label: String) -> Figure {
        let step = (messages.count + 15) / 16
        return Figure(
            name: name,
            table: "\(mark): messages of \(field(label)), a row for each sender, a column for each receiver\n"
                + messages.map { $0.map(String.init).joined(separator: "\t") + "\n" }.joined(),
            script: script(
                name,
                """
                set title \(quoted("messages, \(label)"))
                set xlabel 'receiver'
                set ylabel 'sender'
                set yrange [\(Double(messages.count) - 0.5):-0.5]
                set xrange [-0.5:\(Double(messages.count) - 0.5)]
                set size ratio 1
                set xtics \(step)
                set ytics \(step)
                set cbrange [0:*]
                set palette defined (0 '#f6f7f9', 1 '#0072b2')
                unset key
                """, plot: "'\(name).tsv' matrix with image"))
    }

    private static func times(_ peers: [PeerSummary], name: String, label: String) -> Figure {
        let rows = peers.map { peer in
            ["\(peer.peer)"]
                + [peer.gradientSeconds, peer.updateSeconds, peer.waitingSeconds, peer.communicationSeconds].map(number)
        }
        let parts = [(2, "computing gradients", 0), (3, "stepping, mixing, sending", 4), (4, "waiting", 5)]
        return Figure(
            name: name,
            table: "\(mark): seconds of the peers of \(field(label))\n"
                + "# peer\tcomputing\tstepping\twaiting\tcommunicating (beside no gradient)\n"
                + rows.map { $0.joined(separator: "\t") + "\n" }.joined(),
            script: script(
                name,
                """
                set title \(quoted(label))
                set style data histograms
                set style histogram rowstacked
                set style fill solid
                set boxwidth 0.8
                set xlabel 'peer'
                set ylabel 'seconds'
                set yrange [0:*]
                set key outside below
                """,
                plot: parts.map { column, title, color in
                    "'\(name).tsv' using \(column)\(column == 2 ? ":xticlabels(1)" : "") "
                        + "linecolor rgb '\(CurveStyle.palette[color])' title '\(title)'"
                }.joined(separator: ", \\\n     ")))
    }

    // MARK: Text

    /// The script that draws one plot.
    static func script(_ name: String, _ settings: String, plot: String) -> String {
        script(name, settings, drawing: "plot \(plot)", again: "replot")
    }

    /// The script that sets the scene and draws it, once for the screen and once for print.
    static func script(
        _ name: String, _ settings: String, drawing: String, again: String, width: Int = 800, height: Int = 500
    ) -> String {
        """
        \(mark), written again each time; take this line out to keep changes of your own
        # gnuplot \(name).gp draws \(name).svg and \(name).png
        set datafile separator tab
        set datafile missing 'nan'
        \(settings)
        set terminal svg size \(width),\(height) font 'sans,12' background 'white' noenhanced
        set output '\(name).svg'
        \(drawing)
        set terminal pngcairo size \(width * 3 / 2),\(height * 3 / 2) font 'sans,16' noenhanced
        set output '\(name).png'
        \(again)

        """
    }

    static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "nan" }
        return String(format: "%.9g", value)
    }

    /// A text as one field of a table.
    static func field(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
    }

    /// A text as gnuplot reads it in single quotes, in which only the quote itself means something.
    static func quoted(_ text: String) -> String { "'" + field(text).replacing("'", with: "''") + "'" }
}
