import Graphs

/// What algorithms that exchange a vector with their neighbours in every round have in common: sending, waiting for
/// all who live, and mixing. Neighbours may be a round ahead; what they send early waits.
///
/// Over links that compress, peers mix what they know of each other and not what they have: each goes a share of the
/// way from what its neighbour knows of it to what it knows of that neighbour. Both move by the opposite of the other,
/// whatever the links leave out, so that the mean stays what it is. Who was not told in a round is not mixed in it.
///
/// A neighbour that has died is sent nothing and waited for no more. What it sent before its crash is still used, in
/// the round that it was sent for.
struct NeighbourExchange: Sendable, Codable {
    struct Arrival: Sendable, Codable {
        let sender: PeerID
        let round: UInt64
        let payload: PayloadID
        let weight: Double
    }

    /// What its messages mean, where an algorithm has several exchanges.
    let tag: UInt32
    /// What has come and is not used yet.
    private(set) var arrivals: [Arrival] = []
    private(set) var absentPeers = AbsentPeers()
    /// From which round on those take part who joined later.
    private var begun: [PeerID: UInt64] = [:]
    /// Those who join later, as long as it is not known from which round on.
    private var joiners: Set<PeerID> = []
    /// The share of the way that mixing goes over links that compress; nil where messages bring vectors as they are.
    private let linkRate: Double?
    /// Over such links, to whom the vector went last.
    private var told: [PeerID]?

    init(tag: UInt32 = 0, linkRate: Double? = nil) {
        self.tag = tag
        self.linkRate = linkRate
    }

    /// An exchange at the beginning of a run that some join later.
    init(without joiners: Set<PeerID>) {
        tag = 0
        linkRate = nil
        absentPeers = AbsentPeers(joiners)
        self.joiners = joiners
    }

    /// Sends a snapshot of the vector, or of a part of it, to those of the peers who live.
    mutating func send(
        _ vector: Vector, part: Part? = nil, weight: Double = 0, to peers: [PeerID], round: UInt64,
        _ effects: inout Effects
    ) {
        let present = absentPeers.present(peers)
        if linkRate != nil { told = present }
        for peer in present {
            effects.send(vector, part: part, metadata: Metadata(round: round, tag: tag, weight: weight), to: peer)
        }
    }

    mutating func keep(_ payload: PayloadID, from sender: PeerID, _ metadata: Metadata, _ effects: inout Effects) {
        effects.keep(payload)
        arrivals.append(Arrival(sender: sender, round: metadata.round, payload: payload, weight: metadata.weight))
    }

    mutating func left(_ peer: PeerID) { absentPeers.left(peer) }

    /// A peer that was not there before is; in which rounds it takes part is told later.
    mutating func joined(_ peer: PeerID) { absentPeers.joined(peer) }

    /// One that joined takes part from that round on, whatever was said before.
    mutating func begins(_ peer: PeerID, at round: UInt64) {
        joiners.remove(peer)
        begun[peer] = round
    }

    /// The rounds of all who joined, in the order of the peers.
    var beginnings: [(peer: PeerID, round: UInt64)] {
        begun.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Those of the peers 0..<peers that are there and take part, or will from a round that is known.
    func members(of peers: Int) -> [PeerID] {
        absentPeers.present((0..<peers).map { PeerID($0) }).filter { !joiners.contains($0) }
    }

    /// Those of the peers that take part in a round, in the same order.
    func present(_ peers: [PeerID], round: UInt64) -> [PeerID] {
        absentPeers.isEmpty && joiners.isEmpty && begun.isEmpty ? peers : peers.filter { takesPart($0, round) }
    }

    private func takesPart(_ peer: PeerID, _ round: UInt64) -> Bool {
        !absentPeers.contains(peer) && !joiners.contains(peer) && round >= begun[peer, default: 0]
    }

    /// Whether everybody with a weight in the row, and still there, has sent for this round.
    func isComplete(_ row: [MixingWeight], me: PeerID, round: UInt64) -> Bool {
        isComplete(row.map(\.peer), me: me, round: round)
    }

    /// Whether all of these peers, this one and the dead apart, have sent for this round.
    func isComplete(_ senders: [PeerID], me: PeerID, round: UInt64) -> Bool {
        senders.allSatisfy { $0 == me || !takesPart($0, round) || arrival(from: $0, round) != nil }
    }

    /// `target <- sum of the terms + sum over the row of weight x (value - own)`, in the order of the row; releases
    /// what was mixed. With the own vector as the only term that is the row's weighted sum, the weight of a dead
    /// neighbour that has sent nothing going to the own value.
    ///
    /// Equal values add nothing, to the bit: a momentum would repeat what weights that add up to nearly 1 leave behind.
    /// And two peers that weigh each other alike add opposite numbers, so that over all peers the sum stays what it was
    /// but for the rounding of `target` itself, which is little where `target` is a small memory.
    ///
    /// By another rule than the mean it is what that makes of the row, less the own value, that is added to the terms.
    mutating func mix(
        into target: Vector, _ terms: [Term], own: Vector, _ row: [MixingWeight], me: PeerID, round: UInt64,
        by aggregation: inout Aggregation?, _ effects: inout Effects
    ) {
        let others = row.compactMap { entry -> (weight: Double, vector: Vector)? in
            guard entry.peer != me, let payload = arrival(from: entry.peer, round) else { return nil }
            return (entry.weight, .received(payload))
        }
        if let linkRate {
            effects.combine(into: target, terms + moves(row, me: me, round: round, linkRate))
        } else if aggregation == nil {
            effects.combine(into: target, terms + others.map { Term($0.weight, $0.vector, minus: own) })
        } else {
            let heard = others.map { Term($0.weight, $0.vector) }
            aggregation?.mix(into: target, terms, own: own, heard, round: round, &effects)
        }
        effects.release(take(round))
    }

    /// How far the row's peers draw this one over links that compress: from what they know of it to what it knows of
    /// them.
    private func moves(_ row: [MixingWeight], me: PeerID, round: UInt64, _ linkRate: Double) -> [Term] {
        row.compactMap { entry in
            guard entry.peer != me, told?.contains(entry.peer) == true,
                let payload = arrival(from: entry.peer, round)
            else { return nil }
            return Term(linkRate * entry.weight, .received(payload), minus: .told(entry.peer, tag: tag))
        }
    }

    /// Hands over what has come for a round, in the order of the senders; still to be released.
    mutating func take(_ round: UInt64) -> [Arrival] {
        defer { arrivals.removeAll { $0.round == round } }
        return arrivals.filter { $0.round == round }.sorted { $0.sender < $1.sender }
    }

    /// Hands over what has come for rounds before that one, in the order of coming; still to be released.
    mutating func take(before round: UInt64) -> [Arrival] {
        defer { arrivals.removeAll { $0.round < round } }
        return arrivals.filter { $0.round < round }
    }

    private func arrival(from sender: PeerID, _ round: UInt64) -> PayloadID? {
        arrivals.first { $0.sender == sender && $0.round == round }?.payload
    }
}

extension Effects {
    /// Lets go of what neighbours sent.
    mutating func release(_ arrivals: [NeighbourExchange.Arrival]) {
        for arrival in arrivals { release(arrival.payload) }
    }
}
