/// The steps by which two members find out what one of them does not know. The numbers travel.
enum SyncForm: UInt8, Sendable {
    /// Digests of the parts of what the sender knows.
    case digests = 1
    /// What the sender knows in the parts that differ.
    case versions = 2
    /// Of whom the sender wants to know more.
    case wanted = 3
    /// At most 64 records.
    case records = 4
    /// The keys that the group no longer admits, in parts, or how many of them the sender knows.
    case revocations = 5

    /// Whether so many bytes can stand in it.
    func admits(byteCount: Int) -> Bool {
        switch self {
        case .digests: byteCount > 0 && byteCount.isMultiple(of: 8)
        case .versions, .wanted, .records, .revocations: byteCount > 0
        }
    }
}
