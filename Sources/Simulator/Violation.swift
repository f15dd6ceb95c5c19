public import Gossip
import Runtime

/// A promise that a simulated run broke, with what led to it.
public struct Violation: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, in a sentence.
    public let what: String
    public let time: Time
    /// The number of the event after which it showed.
    public let event: Int
    /// The last events before it, oldest first.
    public let recent: [String]

    public var description: String {
        (["\(time.seconds) s, event \(event): \(what)"] + recent.map { "    " + $0 }).joined(separator: "\n")
    }
}

/// The last events of a run, kept to be told when a promise breaks.
final class RecentEvents: Witness {
    private struct Seen {
        let number: Int
        let time: Time
        let peer: PeerID
        let event: Event
        let effects: [Effect]
    }

    private var ring: [Seen] = []
    private var next = 0
    private var number = 0
    private static let limit = 24

    func saw(_ event: Event, _ effects: [Effect], peer: PeerID, now: Time) {
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
