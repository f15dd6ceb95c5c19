/// What algorithms that exchange one vector with their neighbours in every round have in common: sending, waiting for
/// all, and mixing. Neighbours may be a round ahead; what they send early waits.
struct NeighbourExchange: Sendable, Codable {
    private struct Arrival: Sendable, Codable {
        let sender: PeerID
        let round: UInt64
        let payload: PayloadID
    }

    private var arrivals: [Arrival] = []
    private var messages: UInt64 = 0

    /// Sends a snapshot of the vector to each of the peers.
    mutating func send(_ vector: Vector, to peers: [PeerID], round: UInt64, _ effects: inout Effects) {
        for peer in peers {
            messages += 1
            effects.send(vector, note: Note(round: round), to: peer, id: MessageID(rawValue: messages))
        }
    }

    mutating func keep(_ payload: PayloadID, from sender: PeerID, round: UInt64) {
        arrivals.append(Arrival(sender: sender, round: round, payload: payload))
    }

    /// Whether everybody with a weight in the row has sent for this round.
    func isComplete(_ row: [MixingWeight], me: PeerID, round: UInt64) -> Bool {
        row.allSatisfy { entry in entry.peer == me || arrival(from: entry.peer, round) != nil }
    }

    /// `vector <- sum over the row of weight x value`, in the order of the row, own value included; releases what was
    /// mixed.
    mutating func mix(
        into vector: Vector, _ row: [MixingWeight], me: PeerID, round: UInt64, _ effects: inout Effects
    ) {
        let terms = row.compactMap { entry -> Term? in
            if entry.peer == me { return Term(entry.weight, vector) }
            return arrival(from: entry.peer, round).map { Term(entry.weight, .received($0)) }
        }
        effects.combine(into: vector, terms)
        for arrival in arrivals where arrival.round == round { effects.release(arrival.payload) }
        arrivals.removeAll { $0.round == round }
    }

    private func arrival(from sender: PeerID, _ round: UInt64) -> PayloadID? {
        arrivals.first { $0.sender == sender && $0.round == round }?.payload
    }
}
