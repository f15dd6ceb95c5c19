import Gossip
import Graphs

/// What became of every message of an open network, kept by one who sees both ends of each link at once: what nobody on
/// such a network can know. Each message must be handled once and told delivered, or come back unhandled; only where a
/// doubt ran out may one come back that was handled.
struct MessageBook {
    struct Key: Hashable {
        let sender: PeerID
        let id: MessageID
    }

    struct Entry {
        let weight: Double
        let receiver: PeerID
        var isHandled = false
        /// Whether it has come back to its sender unhandled, since its doubt ran out.
        var isGivenUp = false
    }

    private struct Way: Hashable {
        let sender: PeerID
        let receiver: PeerID
    }

    private var entries: [Key: Entry] = [:]
    /// Those of which the sender has heard nothing, in the order of sending.
    private var open: [Way: [MessageID]] = [:]
    /// Weights that came back though they were handled, of which the sender does not know yet.
    private var unlearned: [Way: Double] = [:]

    mutating func send(_ key: Key, weight: Double, to receiver: PeerID) {
        entries[key] = Entry(weight: weight, receiver: receiver)
        open[Way(sender: key.sender, receiver: receiver), default: []].append(key.id)
    }

    /// Notes that a message was handled, and returns what was known of it; nil where it cannot be.
    mutating func handle(_ key: Key) -> Entry? {
        guard let entry = entries[key], !entry.isHandled else { return nil }
        entries[key]?.isHandled = true
        return entry
    }

    /// The message that has just come back to its sender because its doubt ran out. It may still be handled, by one who
    /// has not found out that the connection has broken.
    mutating func giveUp(_ key: Key) -> Entry? {
        guard let entry = close(key) else { return nil }
        if !entry.isHandled { entries[key] = Entry(weight: entry.weight, receiver: entry.receiver, isGivenUp: true) }
        return entry
    }

    /// The message of which its sender has just heard; nil where it is none, or has been heard of before.
    mutating func close(_ key: Key) -> Entry? {
        guard let entry = entries[key], !entry.isGivenUp else { return nil }
        entries[key] = nil
        open[Way(sender: key.sender, receiver: entry.receiver)]?.removeAll { $0 == key.id }
        return entry
    }

    /// Notes a weight that came back to its sender though it was handled.
    mutating func mint(_ weight: Double, from sender: PeerID, to receiver: PeerID) {
        unlearned[Way(sender: sender, receiver: receiver), default: 0] += weight
    }

    /// The weights of which the sender is to learn when it next hears a greeting of the receiver.
    mutating func takeUnlearned(from sender: PeerID, to receiver: PeerID) -> Double {
        unlearned.removeValue(forKey: Way(sender: sender, receiver: receiver)) ?? 0
    }

    /// Closes what one peer has sent to another one, neither of whom will hear of it: its sender is gone, and nothing
    /// of it reaches its receiver. Returns the weight that was not handled.
    mutating func strand(from sender: PeerID, to receiver: PeerID) -> Double {
        let ids = open.removeValue(forKey: Way(sender: sender, receiver: receiver)) ?? []
        return ids.reduce(0) { sum, id in
            let entry = entries.removeValue(forKey: Key(sender: sender, id: id))
            return entry.map { $0.isHandled ? sum : sum + $0.weight } ?? sum
        }
    }
}
