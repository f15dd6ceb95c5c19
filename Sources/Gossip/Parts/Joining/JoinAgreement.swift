import Graphs

/// How those who have asked come into the rounds of peers that wait for each other: their donor fixes the round from
/// which on they take part, tells everybody, and makes no new round itself before all have heard. Nobody can then have
/// reached that round: whoever is ahead of the donor is held up by it, directly or through others, after as many hops
/// as there are peers at the most. So in every round all agree on who takes part, and no share goes to one who gives
/// none.
///
/// Several come in together where the graph leads from every peer to every other only with all of them.
struct JoinAgreement: Sendable, Codable {
    let joiners: [PeerID]
    /// The first round in which they take part.
    let round: UInt64
    /// Who has not heard yet, by the number of the message.
    private(set) var awaited: Set<MessageID>

    /// - Parameters:
    ///   - round: the donor's.
    ///   - last: the round from which on the last ones let in take part: they are there already, ahead of all.
    ///   - others: those to be told.
    init(
        of joiners: [PeerID], in graph: Graph, round: UInt64, after last: UInt64, telling others: [PeerID],
        _ effects: inout Effects
    ) {
        self.joiners = joiners
        self.round = max(round + UInt64(graph.peers) * graph.period, last) + 1
        awaited = []
        for joiner in joiners {
            for other in others { awaited.insert(Self.tell(other, of: joiner, round: self.round, &effects)) }
        }
    }

    var isComplete: Bool { awaited.isEmpty }

    /// The message was handled, or its receiver is gone.
    mutating func settled(_ id: MessageID) { awaited.remove(id) }

    /// Tells a peer from which round on another one takes part.
    @discardableResult
    static func tell(_ peer: PeerID, of joiner: PeerID, round: UInt64, _ effects: inout Effects) -> MessageID {
        effects.send(nil, metadata: Metadata(round: round, tag: firstTag + UInt32(joiner.rawValue)), to: peer)
    }

    /// Whom such a message is about; nil where it is about something else.
    static func joiner(_ metadata: Metadata) -> PeerID? {
        metadata.tag >= firstTag ? PeerID(Int(metadata.tag - firstTag)) : nil
    }

    private static let firstTag: UInt32 = 1 << 31
}
