import Membership

extension KeyID {
    /// The name that membership knows the key's holder by: the same 32 bytes.
    var member: MemberID {
        let words = stride(from: 0, to: Self.byteCount, by: 8).map { first in
            bytes[first..<first + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
        return MemberID(words[0], words[1], words[2], words[3])
    }

    /// The id whose `member` this is.
    init(_ member: MemberID) {
        bytes = member.words.flatMap { word in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
        }
    }
}

extension Seed {
    /// Where a member may be dialed.
    var memberAddress: MemberAddress { MemberAddress(host: host, port: port) }

    /// The place of an address; nil where its host can be none.
    init?(_ address: MemberAddress) {
        self.init(address.host.contains(":") ? "[\(address.host)]:\(address.port)" : "\(address.host):\(address.port)")
    }
}
