import Membership

/// A record of a member as it travels, with nothing in it checked but its form.
///
/// | bytes | field |
/// |---|---|
/// | 1 | standing; 128 more where a card follows |
/// | 1 | reachability |
/// | 32 | id |
/// | 8, 8 | incarnation, beat |
/// | 64 or 4 | the beat's signature; of a mark its age in ms |
/// | 1 | with a card: how many addresses, at most 4 |
/// | 1 and more | each address behind its length, as `HOST:PORT` |
/// | 1, 2 and more | how many certificates, each behind its length |
/// | 64 | the card's signature |
struct RecordBytes {
    let id: KeyID
    let version: MemberVersion
    let reachability: Reachability
    var ageSeconds = 0.0
    var signature: [UInt8] = []
    var card: (addresses: [Seed], proof: CardProof)?

    static let mostAddresses = 4

    /// What a member signs with each beat.
    static func signed(_ id: KeyID, _ version: MemberVersion, _ reachability: Reachability) -> [UInt8] {
        var writer = ByteWriter()
        writer.put(Array("murmur beat 1".utf8))
        writer.put(id.bytes)
        writer.put(version.incarnation)
        writer.put(version.beat)
        writer.put(reachability.rawValue)
        return writer.bytes
    }

    /// Nil where the bytes are no record.
    init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes[...])
        guard let first = reader.byte(), let standing = Standing(rawValue: first & 127),
            let reachability = reader.byte().flatMap(Reachability.init), let id = reader.bytes(KeyID.byteCount),
            let incarnation = reader.word(UInt64.self), let beat = reader.word(UInt64.self)
        else { return nil }
        self.id = KeyID(bytes: Array(id))
        version = MemberVersion(incarnation: incarnation, beat: beat, standing: standing)
        self.reachability = reachability
        if standing == .alive {
            guard let signature = reader.bytes(PublicKey.signatureByteCount) else { return nil }
            self.signature = Array(signature)
        } else {
            guard let age = reader.word(UInt32.self) else { return nil }
            ageSeconds = Double(age) / 1000
        }
        if first & 128 != 0 {
            guard let card = Self.card(&reader) else { return nil }
            self.card = card
        }
        guard reader.isAtEnd else { return nil }
    }

    private static func card(_ reader: inout ByteReader) -> (addresses: [Seed], proof: CardProof)? {
        guard let count = reader.byte(), count <= mostAddresses else { return nil }
        var addresses: [Seed] = []
        for _ in 0..<count {
            guard let length = reader.byte(), let bytes = reader.bytes(Int(length)),
                let text = String(validating: bytes, as: UTF8.self), let address = Seed(text)
            else { return nil }
            addresses.append(address)
        }
        return CardProof(from: &reader).map { (addresses, $0) }
    }
}

extension Record {
    /// The record as it travels. - Parameter signature: of the beat; nothing of a mark.
    func encoded(signature: [UInt8]) -> [UInt8] {
        var writer = ByteWriter()
        writer.put(version.standing.rawValue | (card == nil ? 0 : 128))
        writer.put(reachability.rawValue)
        writer.put(KeyID(id).bytes)
        writer.put(version.incarnation)
        writer.put(version.beat)
        if version.standing == .alive {
            // One of another length never was in a record that was let in.
            writer.put(signature)
        } else {
            writer.put(UInt32(min((ageSeconds * 1000).rounded(), Double(UInt32.max))))
        }
        if let card {
            writer.put(UInt8(card.addresses.count))
            for address in card.addresses {
                let text = Array((Seed(address)?.description ?? "").utf8)
                writer.put(UInt8(text.count))
                writer.put(text)
            }
            writer.put(card.proof)
        }
        return writer.bytes
    }
}
