import Gossip
import Graphs

/// A link between two peers of an open network: connections, one after the other, each of which loses nothing and keeps
/// the order while it lasts.
struct SimulatedLink {
    enum End {
        /// There is no connection, as far as this end knows.
        case down
        /// It has greeted, and not heard the other's greeting.
        case greeting
        case up
    }

    /// The two peers, that of the lower number first.
    let peers: [PeerID]
    /// How many connections have been made.
    var connection = 0
    var ends = [End.down, .down]
    /// The connection over which each end was up last.
    var upOver = [0, 0]
    /// Since when something does not get through, in one direction at least.
    var cutSince: Time?
    /// Until when what was under way still reaches each end.
    var passUntil = [Time.distantFuture, .distantFuture]
    /// What has not got through to each end and waits for the way to be free.
    var stuck: [[SimulationEvent]] = [[], []]
    /// When the last that was sent to each end arrives: nothing overtakes it.
    var lastArrival = [Time.zero, .zero]

    var isDown: Bool { ends[0] == .down && ends[1] == .down }

    /// Whether what arrives at an end now does not get through, or not yet: nothing overtakes what waits.
    func holdsBack(from end: Int, at now: Time) -> Bool {
        (cutSince != nil && now > passUntil[end]) || !stuck[end].isEmpty
    }

    /// The end of that peer.
    func end(of peer: PeerID) -> Int { peers[0] == peer ? 0 : 1 }
}
