import Gossip
import Graphs
import Runtime

/// The last events of a run, kept to be told when a promise breaks. Checked for exclusive access as little as
/// `Simulation` is.
final class RecentEvents: Observer {
    private struct Seen {
        let number: Int
        let time: Time
        let peer: PeerID
        let event: Event
        let effects: [Effect]
    }

    @exclusivity(unchecked) private var ring: [Seen] = []
    @exclusivity(unchecked) private var next = 0
    @exclusivity(unchecked) private var number = 0
    private static let limit = 24

    func saw(_ event: Event, _ effects: [Effect], peer: PeerID, now: Time) {
        // The end of each peer would crowd out what led to it.
        if case .end = event, effects.isEmpty { return }
        number += 1
        let seen = Seen(number: number, time: now, peer: peer, event: event, effects: effects)
        if ring.count < Self.limit { ring.append(seen) } else { ring[next] = seen }
        next = (next + 1) % Self.limit
    }

    /// Each in a line, oldest first.
    var lines: [String] {
        ring.sorted { $0.number < $1.number }.map { seen in
            let effects = seen.effects.map(\.line).joined(separator: "; ")
            return "\(seen.time.seconds) s  peer \(seen.peer)  \(seen.event.line)"
                + (effects.isEmpty ? "" : "  →  " + effects)
        }
    }
}
