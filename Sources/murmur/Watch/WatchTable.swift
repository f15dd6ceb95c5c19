import Foundation
import Records
import Reports

/// A watched run as lines for a terminal: how far it is, how well the models do, and a row for each peer.
enum WatchTable {
    static func lines(_ run: WatchedRun, columns: Int, rows: Int) -> [String] {
        var lines = [run.title, run.progress?.text(columns: columns) ?? "no word yet of how far the run is"]
        if !run.figures.isEmpty { lines.append(run.figures) }
        if let network = run.network { lines.append("\(network.messages) messages, \(bytes(network.bytes))") }
        if let pulse = run.pulse {
            lines += faults(pulse)
            let table = peers(run, pulse)
            let room = max(1, rows - lines.count - 1)
            lines += table.prefix(room).map(String.init)
            if table.count > room { lines.append("... and \(table.count - room) more") }
        }
        // The last column stays free: some terminals wrap as soon as it is filled.
        return lines.map { String($0.prefix(columns - 1)) }
    }

    private static func faults(_ pulse: PulseRecord) -> [String] {
        let dead = pulse.peers.indices.filter { pulse.peers[$0].state == .dead }
        var parts: [String] = []
        if !dead.isEmpty { parts.append("dead: " + dead.map { "peer \($0)" }.joined(separator: ", ")) }
        if pulse.dropped > 0 { parts.append("dropped messages: \(pulse.dropped)") }
        return parts.isEmpty ? [] : [parts.joined(separator: "; ")]
    }

    /// The header and a row for each peer: what it did since the record before.
    private static func peers(_ run: WatchedRun, _ pulse: PulseRecord) -> [Substring] {
        guard !pulse.peers.isEmpty else { return [] }
        let hasMass = pulse.peers.contains { $0.mass != nil }
        var table = Table(columns: [.right, .right, .right, .right, .left] + (hasMass ? [.right] : []) + [.left])
        table.rows.append(
            ["peer", "steps", "computing", "waiting", "for"] + (hasMass ? ["mass"] : []) + ["state"])
        let seconds = max(pulse.time - pulse.since, 1e-9)
        for (index, peer) in pulse.peers.enumerated() {
            let former = run.before.flatMap { index < $0.peers.count ? $0.peers[index].computingSeconds : nil }
            let computing = peer.computingSeconds - (former ?? 0)
            let waits = pulse.waits.filter { $0.peer == index }
            let longest = waits.max { ($0.seconds, $1.awaited) < ($1.seconds, $0.awaited) }
            table.rows.append(
                [
                    "\(index)", "\(peer.steps)", share(former == nil ? nil : computing / seconds),
                    share(waits.map(\.seconds).reduce(0, +) / seconds), longest.map { "\($0.awaited)" } ?? "",
                ] + (hasMass ? [decimal(peer.mass, 4)] : []) + [peer.state.rawValue])
        }
        return table.text.split(separator: "\n")
    }

    private static func share(_ value: Double?) -> String {
        value.map { "\(Int((min(max($0, 0), 1) * 100).rounded())) %" } ?? ""
    }
}
