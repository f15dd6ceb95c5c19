import Graphs

/// The parts that a peer holds, under their labels: those that have come and are not used yet, and those that it made,
/// for its own use or to send them again when a peer dies.
struct PartShelf: Sendable, Codable {
    private var arrived: [PartLabel: PayloadID] = [:]
    private var made: [PartLabel: PayloadID] = [:]

    /// Holds what came with this event; what is there already, or was made here, is not needed twice.
    mutating func keepArrived(_ payload: PayloadID, _ label: PartLabel, _ effects: inout Effects) {
        guard self[label] == nil else { return }
        effects.keep(payload)
        arrived[label] = payload
    }

    /// Holds what this peer has made.
    mutating func keepMade(_ payload: PayloadID, _ label: PartLabel, _ effects: inout Effects) {
        effects.keep(payload)
        if let before = made.updateValue(payload, forKey: label) { effects.release(before) }
    }

    subscript(label: PartLabel) -> PayloadID? { made[label] ?? arrived[label] }

    /// Lets go of what has come under these labels, and is used in this event.
    mutating func releaseArrived(_ labels: [PartLabel], _ effects: inout Effects) {
        for label in labels { if let payload = arrived.removeValue(forKey: label) { effects.release(payload) } }
    }

    /// Lets go of all that is like this, whoever made it.
    mutating func release(_ effects: inout Effects, where isDone: (_ label: PartLabel, _ isMade: Bool) -> Bool) {
        for label in Self.sorted(arrived.keys) where isDone(label, false) {
            if let payload = arrived.removeValue(forKey: label) { effects.release(payload) }
        }
        for label in Self.sorted(made.keys) where isDone(label, true) {
            if let payload = made.removeValue(forKey: label) { effects.release(payload) }
        }
    }

    /// What was made here, or what has come, in a fixed order.
    func all(made isMade: Bool, where isWanted: (PartLabel) -> Bool) -> [(label: PartLabel, payload: PayloadID)] {
        let parts = isMade ? made : arrived
        return Self.sorted(parts.keys).compactMap { label in
            isWanted(label) ? parts[label].map { (label, $0) } : nil
        }
    }

    private static func sorted(_ labels: Dictionary<PartLabel, PayloadID>.Keys) -> [PartLabel] {
        labels.sorted {
            ($0.number, $0.kind.rawValue, $0.exchange, $0.from, $0.to)
                < ($1.number, $1.kind.rawValue, $1.exchange, $1.from, $1.to)
        }
    }
}
