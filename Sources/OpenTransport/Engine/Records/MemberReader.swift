import Membership

/// All readers of what members tell each other of members, for whoever tries them with bytes of any kind.
package enum MemberReader {
    /// Reads bytes that begin with the number of a form of SYNC, or with 0 before a record. Throws where they are none,
    /// and otherwise gives what the same would be written as, if it can be written again at once.
    package static func read(_ bytes: [UInt8]) throws -> [UInt8]? {
        let rest = Array(bytes.dropFirst())
        switch SyncForm(rawValue: bytes.first ?? 0) {
        case nil:
            guard let bytes = RecordBytes(rest) else { throw Breach.record }
            return [0] + Self.encoded(bytes)
        case .digests: _ = try MembershipReader.digests(rest)
        case .versions: _ = try MembershipReader.versions(rest)
        case .wanted: _ = try MembershipReader.wanted(rest)
        case .records: for record in try MembershipReader.records(rest) { _ = RecordBytes(record) }
        case .revocations:
            guard let content = RevocationParts.Content(rest) else { throw Breach.record }
            if case .part(let start, let total, let part) = content {
                var parts = RevocationParts()
                _ = try parts.take(start: start, total: total, part)
            }
        }
        return nil
    }

    private static func encoded(_ bytes: RecordBytes) -> [UInt8] {
        let card = bytes.card.map { card in
            Card(
                id: bytes.id.member, incarnation: bytes.version.incarnation,
                addresses: card.addresses.map(\.memberAddress), proof: card.proof.bytes)
        }
        return bytes.record(card: card).encoded(signature: bytes.signature)
    }
}
