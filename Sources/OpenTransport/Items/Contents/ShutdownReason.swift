/// Why a link ends in good order. The numbers travel.
enum ShutdownReason: UInt8, Sendable {
    /// The sender's run is over.
    case finished = 1
    /// The sender leaves the run.
    case leaving = 2
    /// The sender has more links than it wants.
    case spare = 3
    /// There is another connection between the two, which stays.
    case duplicate = 4
    /// The other side has not kept to the protocol or its limits.
    case breach = 5
    /// The other side is a member no longer: its key was revoked, or its certificate has ended.
    case revoked = 6
    /// The sender has dialed itself.
    case oneself = 7
}

extension ShutdownReason: CustomStringConvertible {
    /// What the sender says, a few words.
    var description: String {
        switch self {
        case .finished: "its run is over"
        case .leaving: "it leaves"
        case .spare: "it has more links than it wants"
        case .duplicate: "another connection between the two stays"
        case .breach: "this side did not keep to the protocol"
        case .revoked: "this side is a member of the group no longer"
        case .oneself: "it has dialed itself"
        }
    }
}
