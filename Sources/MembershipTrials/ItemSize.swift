import Membership

// How many bytes the items are on a link, before TLS: little-endian numbers behind a header of 16 bytes.
private let headerBytes = 16
private let cardBytes = 800
private let beatBytes = 120
/// Name, incarnation, beat, standing, age.
private let markBytes = 53
private let listingBytes = 49
private let wantBytes = 40

extension Record {
    fileprivate var byteCount: Int {
        (version.standing == .alive ? beatBytes : markBytes) + (card == nil ? 0 : cardBytes)
    }
}

extension Greeting {
    /// HELLO without what sessions and experiments add to it.
    var byteCount: Int { headerBytes + record.byteCount + 10 }
}

extension MembershipItem {
    var byteCount: Int {
        switch self {
        case .ping(let records, _, _): headerBytes + 10 + records.reduce(0) { $0 + $1.byteCount }
        case .refusal(let records), .records(let records): headerBytes + records.reduce(0) { $0 + $1.byteCount }
        case .digests(let digests): headerBytes + 8 * digests.count
        case .versions(_, let members): headerBytes + 8 + listingBytes * members.count
        case .wanted(let wants): headerBytes + wantBytes * wants.count
        }
    }
}
