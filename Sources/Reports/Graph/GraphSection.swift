import Foundation
import Records

/// Who talked to whom: the graph with its traffic, the same as a table, and how fast the graph mixes.
struct GraphSection {
    let run: RunRecords

    var markup: Markup {
        let traffic = GraphTraffic(run)
        let picture = traffic.map { GraphPicture($0, columns: run.graph?.columns).markup } ?? ""
        var matrix: Markup = ""
        if let messages = run.summary?.messagesByPair, messages.count > 1 {
            let table = MessageMatrix(messages: messages, bytes: run.summary?.bytesByPair)
            matrix = "<div>\(table.markup)<p class=\"note\">\(table.sentence)</p></div>\n"
        }
        let parts: [Markup] = [
            traffic == nil ? "" : "<div>\(picture)<p class=\"note\">\(caption(traffic))</p></div>\n", matrix, spectrum,
        ]
        guard parts.contains(where: { !$0.text.isEmpty }) else { return "" }
        return "<div class=\"sides\">\n\(parts)</div>\n"
    }

    private func caption(_ traffic: GraphTraffic?) -> String {
        let name = run.graph.map { graph in
            "Graph: \(graph.name)" + (graph.period > 1 ? ", repeating after \(graph.period) rounds. " : ". ")
        }
        guard traffic?.sent.isEmpty == false else {
            return (name ?? "") + "What went over its edges is not recorded."
        }
        return (name ?? "") + "The wider an edge, the more bytes went over it, both ways together; edges over which "
            + "nothing went are dashed."
    }

    /// The eigenvalue moduli of the mixing matrix.
    var spectrumPanel: Panel? {
        guard let moduli = run.graph?.moduli, moduli.count > 1 else { return nil }
        let points = moduli.enumerated().map { PanelCurve.Point(Double($0.offset + 1), $0.element) }
        return Panel(
            "Spectrum of the mixing matrix", PanelAxis("eigenvalue, by its modulus"), PanelAxis("modulus"),
            [PanelCurve("moduli of the eigenvalues", CurveStyle(0, .dots), points: points)])
    }

    private var spectrum: Markup {
        guard let graph = run.graph else { return "" }
        guard let panel = spectrumPanel, let gap = graph.spectralGap else {
            return graph.receivers.count < 2
                ? ""
                : """
                <p class="note">The spectrum of a mixing matrix is not recorded: the algorithm mixes by none, or there \
                are too many peers.</p>

                """
        }
        return "<div>\(panel.markup)<p>\(Self.sentence(gap: gap))</p></div>\n"
    }

    /// What a spectral gap means.
    static func sentence(gap: Double) -> String {
        let modulus = 1 - gap
        let gapText = String(format: "%.4g", gap)
        guard gap.isFinite, modulus > 1e-12 else {
            return "The spectral gap is \(gapText): one period of rounds brings all peers to their average."
        }
        guard modulus < 1 - 1e-12 else { return "The spectral gap is \(gapText): differences stay." }
        let rounds = log(1000) / -log(modulus)
        return "The spectral gap is \(gapText): without gradients, differences shrink to a thousandth in "
            + "\(Quantity.count(max(1, rounds.rounded(.up)))) rounds in the long run."
    }
}
