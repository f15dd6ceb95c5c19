import Membership

// What membership sends, as items, and back.

extension RecordBook {
    /// The item that says this; nil of a refusal, which goes another way.
    mutating func item(_ item: MembershipItem) -> Item? {
        var writer = ByteWriter()
        let form: SyncForm
        switch item {
        case .refusal: return nil
        case .ping(let records, let degree, let digest):
            let ping = Ping(
                degree: UInt8(clamping: degree), digest: digest,
                records: records.prefix(Ping.mostRecords).map { encoded($0) })
            return Item(number: 0, content: .ping(ping))
        case .digests(let digests):
            form = .digests
            for digest in digests { writer.put(digest) }
        case .versions(let buckets, let members):
            form = .versions
            writer.put(buckets)
            for listing in members.prefix(MembershipReader.mostListings) {
                writer.put(KeyID(listing.id).bytes)
                writer.put(listing.version.incarnation)
                writer.put(listing.version.beat)
                writer.put(listing.version.standing.rawValue)
            }
        case .wanted(let wants):
            form = .wanted
            for want in wants.prefix(MembershipReader.mostRecords) {
                writer.put(KeyID(want.id).bytes)
                writer.put(want.knownIncarnation ?? 0)
            }
        case .records(let records):
            form = .records
            writer.put(UInt8(min(records.count, MembershipReader.mostRecords)))
            for record in records.prefix(MembershipReader.mostRecords) { writer.putCounted(encoded(record)) }
        }
        return Item(number: 0, content: .sync(form, writer.bytes))
    }
}

/// Reads what `RecordBook.item` wrote.
enum MembershipReader {
    static let mostRecords = 64
    /// As many as there is room for in an item, 49 bytes each.
    static let mostListings = 1300

    static func digests(_ bytes: [UInt8]) throws(Breach) -> MembershipItem {
        var reader = ByteReader(bytes[...])
        var digests: [UInt64] = []
        while let digest = reader.word(UInt64.self) { digests.append(digest) }
        return .digests(digests)
    }

    static func versions(_ bytes: [UInt8]) throws(Breach) -> MembershipItem {
        var reader = ByteReader(bytes[...])
        guard let buckets = reader.word(UInt64.self) else { throw .record }
        var members: [MemberListing] = []
        while !reader.isAtEnd {
            guard let id = reader.bytes(KeyID.byteCount), let incarnation = reader.word(UInt64.self),
                let beat = reader.word(UInt64.self), let standing = reader.byte().flatMap(Standing.init)
            else { throw .record }
            let version = MemberVersion(incarnation: incarnation, beat: beat, standing: standing)
            members.append(MemberListing(id: KeyID(bytes: Array(id)).member, version: version))
        }
        return .versions(buckets: buckets, members: members)
    }

    static func wanted(_ bytes: [UInt8]) throws(Breach) -> MembershipItem {
        var reader = ByteReader(bytes[...])
        var wants: [Want] = []
        while !reader.isAtEnd {
            guard let id = reader.bytes(KeyID.byteCount), let incarnation = reader.word(UInt64.self),
                wants.count < mostRecords
            else { throw .record }
            wants.append(
                Want(id: KeyID(bytes: Array(id)).member, knownIncarnation: incarnation == 0 ? nil : incarnation))
        }
        return .wanted(wants)
    }

    static func records(_ bytes: [UInt8]) throws(Breach) -> [[UInt8]] {
        var reader = ByteReader(bytes[...])
        guard let count = reader.byte(), count <= mostRecords, let records = reader.records(Int(count)) else {
            throw .record
        }
        return records
    }
}
