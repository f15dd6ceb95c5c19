import Gossip
public import Graphs

/// Sessions by connection, for networks whose peers come and go: see `LinkSession`. Here two things are apart that are
/// one where peers are fenced. A peer whose link is down is out of reach, and what it was sent is in doubt; it is gone
/// once that was waited for long enough.
extension Session {
    /// One end of a link, beside what goes over it.
    struct Link: Sendable {
        var session = LinkSession()
        /// What came back to this peer, of the last session, before it was known whether the other end had handled it.
        var overdue: [Overdue] = []
    }

    /// A message that came back because its doubt ran out.
    struct Overdue: Sendable, Codable {
        var sequence: UInt64
        var weight: Double
    }

    /// What this end is to tell the other when a connection begins. Nothing is heard of that peer until it has said the
    /// same and the link is opened, so that the greeting stays true.
    public func greeting(for peer: PeerID) -> LinkSession.Greeting {
        let known = peers[peer] ?? stranger
        precondition(known.isFenced, "a greeting for peer \(peer) while its link is up")
        return (links[peer] ?? Link()).session.greeting(handled: known.handled)
    }

    /// A connection has begun, and the other end has told how far it had come: what was in doubt is settled by that.
    public mutating func open(_ peer: PeerID, _ greeting: LinkSession.Greeting) -> [Output] {
        let stranger = stranger
        let place = peers.place(of: peer, default: stranger)
        precondition(peers.values[place].isFenced, "the link to peer \(peer) is opened twice")
        let link = links.place(of: peer, default: Link())
        let through = links.values[link].session.open(greeting, handled: peers.values[place].handled)
        for message in links.values[link].overdue where message.sequence <= through { mintedMass += message.weight }
        links.values[link].overdue = []
        let doubtful = peers.values[place].unacknowledged
        unacknowledgedCount -= doubtful.count
        peers.values[place] = Peer(incarnation: links.values[link].session.number)
        return doubtful.compactMap { $0.sequence <= through ? $0.message.delivered : $0.message.returned }
    }

    /// The connection to a peer has broken: nothing goes over the link, and what is unacknowledged is in doubt.
    public mutating func suspend(_ peer: PeerID) {
        guard let place = peers.place(of: peer) else { return }
        peers.values[place].isFenced = true
    }

    /// What has been in doubt between this peer and another one for long enough comes back. If the other one had
    /// handled it, and the two meet again, this one hears of that: see `mintedMass`.
    public mutating func giveUp(_ peer: PeerID) -> [Output] {
        guard let place = peers.place(of: peer), let link = links.place(of: peer) else { return [] }
        precondition(peers.values[place].isFenced, "what goes over the link to peer \(peer) is not in doubt")
        let doubtful = peers.values[place].unacknowledged
        unacknowledgedCount -= doubtful.count
        peers.values[place].unacknowledged = []
        peers.values[place].byteCount = 0
        for (sequence, message) in doubtful {
            links.values[link].overdue.append(Overdue(sequence: sequence, weight: message.metadata.weight))
        }
        return doubtful.compactMap(\.message.returned)
    }

    /// The peer's number is to be another one's: nothing is remembered of it. Its link is down, and nothing in doubt.
    mutating func forget(_ peer: PeerID) {
        guard let known = peers[peer] else { return }
        precondition(known.isFenced && known.unacknowledged.isEmpty, "peer \(peer) is forgotten too early")
        peers[peer] = nil
        links[peer] = nil
    }
}
