import Graphs

/// A learner's tie to the server behind the learners: it gives up when the server is gone for good.
///
/// A learner that comes back from the dead hears of everybody else's leaving and joining, so that what was under way
/// between them is dropped. Therefore it is patient for a moment before it gives up.
struct ServerLiveness: Sendable, Codable {
    /// Seconds in which a server may come back.
    static let patienceSeconds = 1.0
    private static let timer = TimerID(rawValue: 1)

    let server: PeerID
    private(set) var isGone = false

    /// The first peer behind the learners is the server.
    init(_ setup: Setup) { server = PeerID(setup.peers) }

    mutating func left(now: Time, _ effects: inout Effects) {
        isGone = true
        effects.timer(Self.timer, at: now + Self.patienceSeconds)
    }

    mutating func joined() { isGone = false }

    /// The moment has passed.
    func patienceEnded(_ algorithm: String, _ effects: inout Effects) {
        guard isGone else { return }
        effects.abandon("\(algorithm) cannot go on: its server, peer \(server), is gone")
    }
}
