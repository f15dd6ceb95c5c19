import Membership

/// Signs what a member says of itself, and checks what others are said to have said, before membership hears of it.
struct RecordBook {
    private let identity: OpenIdentity
    private let own: MemberID
    /// Whom the group admits; may be replaced.
    var trust: Trust
    /// The keys of those whose cards were checked.
    private var keys: [MemberID: PublicKey] = [:]
    private var lastOwn: (signed: [UInt8], signature: [UInt8]) = ([], [])

    private static let mostKeys = 8192

    init(_ identity: OpenIdentity) {
        self.identity = identity
        trust = identity.trust
        own = identity.key.publicKey.id.member
        keys[own] = identity.key.publicKey
    }

    /// The member's own card.
    func card(incarnation: UInt64, addresses: [Seed]) -> Card {
        let proof = CardProof(identity, incarnation: incarnation, addresses: addresses)
        return Card(id: own, incarnation: incarnation, addresses: addresses.map(\.memberAddress), proof: proof.bytes)
    }

    /// A record as it travels; one's own is signed here.
    mutating func encoded(_ record: Record) -> [UInt8] {
        guard record.id == own, record.version.standing == .alive else {
            return record.encoded(signature: record.signature)
        }
        let signed = RecordBytes.signed(KeyID(own), record.version, record.reachability)
        if lastOwn.signed != signed { lastOwn = (signed, identity.key.signature(of: signed)) }
        return record.encoded(signature: lastOwn.signature)
    }

    /// The records among these that are true as far as anybody can tell, in their order. Throws where one is none at
    /// all.
    ///
    /// - Parameter now: in seconds since 1970.
    mutating func checked(_ records: [[UInt8]], _ member: LocalMember, now: Int64) throws(Breach) -> [Record] {
        var checked: [Record] = []
        for bytes in records {
            guard let parsed = RecordBytes(bytes) else { throw .record }
            if let record = self.checked(parsed, member, now: now) { checked.append(record) }
        }
        return checked
    }

    private mutating func checked(_ record: RecordBytes, _ member: LocalMember, now: Int64) -> Record? {
        let id = record.id.member
        if let list = trust.revocations, list.revokes(record.id) { return nil }
        let known = id == own ? nil : member.version(of: id)
        // What is no news is not believed, only compared.
        if let known, known >= record.version { return record.record(card: nil) }
        if id == own {
            return record.version.standing == .alive && !isSigned(record, id) ? nil : ownRecord(record, member)
        }
        var card: Card?
        if record.card != nil {
            guard let found = checkedCard(record, member, now: now) else { return nil }
            card = found
        }
        guard record.version.standing == .alive else { return record.record(card: card) }
        // Of somebody unknown nothing is believed either: membership only asks for the card.
        if keys[id] == nil, known == nil, card == nil { return record.record(card: nil) }
        return isSigned(record, id) ? record.record(card: card) : nil
    }

    /// What is said of this member itself. That it was started again elsewhere only its own key can say.
    private func ownRecord(_ record: RecordBytes, _ member: LocalMember) -> Record? {
        let incarnation = member.version(of: own)?.incarnation ?? 0
        if record.version.standing != .alive, record.version.incarnation > incarnation { return nil }
        return record.record(card: nil)
    }

    private func isSigned(_ record: RecordBytes, _ id: MemberID) -> Bool {
        let signed = RecordBytes.signed(record.id, record.version, record.reachability)
        return keys[id]?.hasSigned(signed, record.signature) ?? false
    }

    private mutating func checkedCard(_ record: RecordBytes, _ member: LocalMember, now: Int64) -> Card? {
        guard let card = record.card else { return nil }
        let key = card.proof.key(
            of: record.id, incarnation: record.version.incarnation, addresses: card.addresses, trust: trust, now: now)
        guard let key else { return nil }
        if keys.count >= Self.mostKeys {
            for id in keys.keys where id != own && member.version(of: id) == nil { keys[id] = nil }
        }
        keys[record.id.member] = key
        return Card(
            id: record.id.member, incarnation: record.version.incarnation,
            addresses: card.addresses.map(\.memberAddress), proof: card.proof.bytes)
    }
}

extension RecordBytes {
    func record(card: Card?) -> Record {
        Record(
            id: id.member, version: version, reachability: reachability, ageSeconds: ageSeconds, card: card,
            signature: signature)
    }
}
