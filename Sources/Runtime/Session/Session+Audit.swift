import Gossip
public import Graphs

extension Session.State {
    /// Throws unless the sessions of all peers, each saved at rest, agree with each other: what one has sent is what
    /// the other has handled or will be sent again. Else somebody would wait forever.
    ///
    /// - Parameters:
    ///   - sessions: By peer, servers included.
    ///   - dead: The peers that have died, of whom all others know.
    ///   - isLossless: Whether nothing is ever sent again. Then nothing is left unacknowledged at rest.
    public static func audit(
        _ sessions: [Session.State], dead: Set<PeerID>, isLossless: Bool
    ) throws(StateError) {
        var known: [[PeerID: Peer]] = []
        for (index, session) in sessions.enumerated() {
            var peers: [PeerID: Peer] = [:]
            for peer in session.peers {
                guard sessions.indices.contains(peer.peer.rawValue), peer.peer.rawValue != index,
                    peers.updateValue(peer, forKey: peer.peer) == nil
                else { throw StateError("the session of peer \(index) is with peer \(peer.peer)") }
                try peer.checkCounts(of: index)
            }
            known.append(peers)
        }
        for (index, peers) in known.enumerated() where !dead.contains(PeerID(index)) {
            let me = PeerID(index)
            for other in sessions.indices.map({ PeerID($0) }) where other != me {
                let mine = peers[other] ?? Peer(strangerOf: other, isFenced: sessions[index].isReborn)
                guard !dead.contains(other) else {
                    guard !mine.isFenced else { continue }
                    throw StateError("peer \(me) has not heard that peer \(other) is dead")
                }
                let stranger = Peer(strangerOf: me, isFenced: sessions[other.rawValue].isReborn)
                try mine.check(
                    from: me, with: known[other.rawValue][me] ?? stranger, of: sessions[other.rawValue],
                    isLossless: isLossless)
            }
        }
    }
}

extension Session.State.Peer {
    /// What is known of a peer of whom nothing has been heard.
    fileprivate init(strangerOf peer: PeerID, isFenced: Bool) {
        self.init(
            peer: peer, lastSent: 0, unacknowledged: [], handled: 0, ahead: [], isFenced: isFenced, incarnation: 0,
            silences: 0)
    }

    fileprivate func checkCounts(of index: Int) throws(StateError) {
        let counts = [lastSent, handled, UInt64(silences.magnitude)] + (unacknowledged + ahead).map(\.sequence)
        guard counts.allSatisfy({ $0 <= StateAudit.countLimit }), silences >= 0 else {
            throw StateError("the session of peer \(index) with peer \(peer) counts more than any run comes to")
        }
    }

    /// Throws unless what this peer has sent is what `other`, the receiver's half, says of it.
    fileprivate func check(
        from me: PeerID, with other: Self, of session: Session.State, isLossless: Bool
    ) throws(StateError) {
        func refuse(_ reason: String) -> StateError {
            StateError("the sessions of peers \(me) and \(peer) do not agree: \(reason)")
        }
        guard !isFenced, !other.isFenced else { throw refuse("one of them does not hear the other, who lives") }
        guard incarnation == session.incarnation else { throw refuse("'incarnation' is \(incarnation)") }
        guard other.handled <= lastSent else {
            throw refuse("'handled' is \(other.handled), and 'lastSent' \(lastSent)")
        }
        let sent = unacknowledged.map(\.sequence)
        let first = lastSent - min(UInt64(sent.count), lastSent) + 1
        guard UInt64(sent.count) <= lastSent, zip(sent, first...).allSatisfy({ $0 == $1 }) else {
            throw refuse("what is unacknowledged does not end with 'lastSent', \(lastSent)")
        }
        guard first <= other.handled + 1 else {
            throw refuse("'handled' is \(other.handled), and all before \(first) was acknowledged")
        }
        guard !isLossless || (sent.isEmpty && other.ahead.isEmpty) else {
            throw refuse("messages are unacknowledged though none can be lost")
        }
        var seen: Set<UInt64> = []
        for message in other.ahead {
            let twin = unacknowledged.first { $0.sequence == message.sequence }
            guard message.sequence > other.handled + 1, twin?.metadata == message.metadata, twin?.id == message.id,
                (twin?.payload == nil) == (message.payload == nil), seen.insert(message.sequence).inserted
            else { throw refuse("message \(message.sequence) came ahead and was not sent so") }
        }
    }
}
