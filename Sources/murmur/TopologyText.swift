import Foundation
import Gossip
import Graphs
import Spectra

/// A graph as people read it: who sends to whom, the weights while they fit, the spectrum, the properties.
func topologyText(_ matrix: MixingMatrix, _ spectrum: Spectrum) -> String {
    let graph = matrix.graph
    let rule = graph.rule.map { ", mixing \($0.rawValue)" } ?? ""
    let period = matrix.period == 1 ? "" : ", repeats after \(matrix.period) rounds"
    var text = "\(graph.name), \(graph.peers) \(graph.peers == 1 ? "peer" : "peers")\(rule)\(period)\n"
    text += "\nwho sends to whom\n" + edges(graph)
    if matrix.peers <= Shown.matrix {
        let title = matrix.period == 1 ? "weights" : "product of the \(matrix.period) rounds"
        text += "\n\(title) (a row for each receiver)\n" + weights(matrix.product)
    }
    return text + "\nspectrum\n" + spectrumText(spectrum) + "\nproperties\n" + properties(matrix)
}

/// How much of a graph people can take in.
private enum Shown {
    /// Peers whose neighbours are listed, and half of those where there are more.
    static let peers = 32
    static let neighbours = 16
    static let rounds: UInt64 = 8
    static let matrix = 12
    static let moduli = 12
}

private func edges(_ graph: Graph) -> String {
    let shown = graph.peers <= Shown.peers ? graph.peers : Shown.peers / 2
    var text = ""
    for round in 0..<min(graph.period, Shown.rounds) {
        var table = Table(columns: [.right, .left])
        for peer in (0..<shown).map({ PeerID($0) }) {
            let arrow = graph.isDirected ? "->" : "--"
            table.rows.append(["  \(peer)", "\(arrow) " + list(graph.neighbours(of: peer, round: round))])
        }
        text += (graph.period > 1 ? "round \(round)\n" : "") + table.text
        if shown < graph.peers { text += "  and \(graph.peers - shown) more peers\n" }
    }
    if graph.period > Shown.rounds { text += "and \(graph.period - Shown.rounds) more rounds\n" }
    return text
}

private func list(_ peers: [PeerID]) -> String {
    if peers.isEmpty { return "nobody" }
    let shown = peers.prefix(Shown.neighbours).map(\.description).joined(separator: " ")
    return peers.count <= Shown.neighbours ? shown : shown + " ... (\(peers.count))"
}

private func weights(_ rows: [[Double]]) -> String {
    var table = Table(columns: [.right] + rows.map { _ in .right })
    for (receiver, row) in rows.enumerated() {
        table.rows.append(["  \(receiver)"] + row.map { $0 == 0 ? "." : decimal($0, 4) })
    }
    return table.text
}

private func spectrumText(_ spectrum: Spectrum) -> String {
    let shown = spectrum.moduli.prefix(Shown.moduli).map { String(format: "%.6f", $0) }
    let rest = spectrum.moduli.count > shown.count ? " ... (\(spectrum.moduli.count))" : ""
    var text = "  eigenvalue moduli  \(shown.joined(separator: " "))\(rest)\n"
    text += "  spectral gap       " + String(format: "%.6g", spectrum.spectralGap)
    if !spectrum.isSettled { text += " at most; the iteration ended before the second eigenvalue was settled" }
    if spectrum.period > 1 { text += " a round" }
    return text + "\n"
}

private func properties(_ matrix: MixingMatrix) -> String {
    let names: [(String, MixingProperty)] = [
        ("row-stochastic", .rowStochastic), ("column-stochastic", .columnStochastic),
        ("doubly stochastic", .doublyStochastic), ("symmetric", .symmetric), ("strongly connected", .connected),
        ("positive diagonal", .positiveDiagonal),
    ]
    var table = Table(columns: [.left, .left])
    for (name, property) in names {
        table.rows.append(["  " + name, matrix.violation(of: property).map { "no: " + $0 } ?? "yes"])
    }
    return table.text
}
