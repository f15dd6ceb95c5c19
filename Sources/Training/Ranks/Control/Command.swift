import Checkpoints
import Gossip
import Runs
import Runtime

/// What the leader has the worker of a rank do, its own or another's. Orders are carried out one after the
/// other, and each is answered.
enum Command: Codable, Sendable {
    /// Take over a peer as it was saved; comes before `prepare`. Its numbers go with the order.
    case adopt(PeerState, peer: Int)
    /// Make the peers.
    case prepare(Beginning)
    /// Let them go.
    case begin
    /// Tell how things stand.
    case report
    /// Begin no gradient, once those under way are done, and stop the clock of training; go on.
    case pause
    case resume
    /// Bring the peers to rest after that step; let them go on; never bring them to rest again.
    case requestCut(afterStep: UInt64)
    case releaseCut
    case closeCut
    /// End after that step.
    case stop(afterStep: UInt64)
    /// Give away what they hold, and end.
    case giveAway
    /// Nothing goes wrong any more.
    case endFaults
    /// Tell the state of a peer that is at rest.
    case save(peer: Int)
    /// Tell the evaluated model of a peer: as it is now, or as it was in the end.
    case model(peer: Int)
    /// Those peers, who lived on one rank, are gone.
    case leave(peers: Range<Int>, rank: Int)
    /// End the peers' threads.
    case end
}
