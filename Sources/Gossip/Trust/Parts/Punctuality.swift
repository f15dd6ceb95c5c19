import Graphs

/// Who came when, in the round under way: for those who are judged by it.
struct Punctuality: Sendable, Codable {
    private struct Arrival: Sendable, Codable {
        let peer: PeerID
        let round: UInt64
        let time: Time
    }

    private var beganAt = Time.zero
    private var readyAt = Time.zero
    private var arrivals: [Arrival] = []
    /// Whether somebody came late in the round before, so that this peer may be late through no fault of its own.
    private(set) var wasKept = false

    mutating func begin(_ now: Time) { beganAt = now }
    mutating func ready(_ now: Time) { readyAt = now }
    mutating func came(_ peer: PeerID, round: UInt64, _ now: Time) {
        arrivals.append(Arrival(peer: peer, round: round, time: now))
    }

    /// Whether a neighbour's model came within so many of one's own gradients after the last one.
    func isInTime(_ peer: PeerID, _ round: UInt64, _ patience: Double) -> Bool? {
        arrivals.first { $0.peer == peer && $0.round == round }.map { isInTime($0, patience) }
    }

    private func isInTime(_ arrival: Arrival, _ patience: Double) -> Bool {
        arrival.time - readyAt <= patience * (readyAt - beganAt)
    }

    mutating func endRound(_ round: UInt64, patience: Double) {
        wasKept = arrivals.contains { $0.round == round && !isInTime($0, patience) }
        arrivals.removeAll { $0.round <= round }
    }
}
