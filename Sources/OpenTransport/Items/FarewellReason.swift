/// Why a link ends in good order. The numbers travel.
enum FarewellReason: UInt8, Sendable {
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
    /// The other side's key was revoked.
    case revoked = 6
    /// The sender has dialed itself.
    case oneself = 7
}
