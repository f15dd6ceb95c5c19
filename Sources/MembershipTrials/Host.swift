import Membership

/// A machine of the world with the member that runs on it.
struct Host {
    var member: LocalMember
    let id: MemberID
    let address: MemberAddress
    /// Whether nobody can dial it.
    let isBehindNAT: Bool
    /// On which side of a partition it lies: 0 or 1.
    let side: Int
    let startSeconds: Double
    var isAlive = true
    var isPaused = false
    /// What came while it was paused.
    var held: [WorldEvent.Kind] = []
    /// When its first link was there, and as many as it wants; nil before.
    var firstLinkSeconds: Double?
    var allLinksSeconds: Double?
}
