import Gossip

/// Where the mass is that messages carried between two peers of which at least one has died, for those who draw up the
/// balance.
extension Session {
    /// What is lost when this peer hears that another one has died, before it fences it: what the dead one had sent and
    /// this one never handled, less what the dead one had handled without this one's knowing, which comes back to this
    /// one all the same.
    ///
    /// - Parameter dead: The session of the dead peer at its end.
    public func massLost(with dead: Session) -> Double {
        let sent =
            dead.hears(me, incarnation: incarnation)
            ? mass(dead.unacknowledgedMetadata(to: me, after: handled(from: dead.me))) : 0
        let returned = mass(unacknowledgedMetadata(to: dead.me))
        return sent
            - (returned - mass(unacknowledgedMetadata(to: dead.me, after: dead.handledInThisIncarnation(of: self))))
    }

    /// What is lost of the messages between this peer, which dies, and another one that died before, and of whose crash
    /// this one may not have heard: what was under way between the two.
    public func massStranded(with dead: Session) -> Double {
        let known = incarnation(of: dead.me)
        // Of a life that is fenced, or behind the one that this peer knows, the balance was drawn up before.
        guard dead.incarnation > known || hears(dead.me, incarnation: dead.incarnation) else { return 0 }
        let sent =
            dead.incarnation == known
            ? mass(unacknowledgedMetadata(to: dead.me, after: dead.handledInThisIncarnation(of: self))) : 0
        guard dead.hears(me, incarnation: incarnation) else { return sent }
        return sent + mass(dead.unacknowledgedMetadata(to: me, after: handledInThisIncarnation(of: dead)))
    }

    /// The place up to which this peer has handled the messages of another one's present life.
    private func handledInThisIncarnation(of other: Session) -> UInt64 {
        incarnation(of: other.me) == other.incarnation ? handled(from: other.me) : 0
    }

    private func mass(_ metadata: [Metadata]) -> Double { metadata.reduce(0) { $0 + $1.weight } }
}
