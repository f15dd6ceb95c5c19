import Gossip
import Graphs
import HeapModule
import Runtime

/// Something that will happen in a simulated world.
enum SimulationEvent {
    case frame(Frame)
    /// The gradient that the peer asked for in that life, or the stretch of a pass, is ready to be computed and told.
    case gradient(PeerID, incarnation: UInt32)
    case timer(PeerID, NodeTimer, incarnation: UInt32)
    /// Something that a peer is told by its environment.
    case notice(PeerID, Inbound)
    /// A peer learns that another one's life is over.
    case crash(of: PeerID, incarnation: UInt32, told: PeerID)
    /// The event of that number in the fault schedule.
    case fault(Int)
    case checkpoint(PeerID)
    /// Something that happens to a link, for the peer at the end of it that is named.
    case link(LinkEvent, for: PeerID)
    /// Ways of an open network have been cut.
    case cut

    /// Whom it happens to; nil where it is nobody in particular.
    var target: PeerID? {
        switch self {
        case .frame(let frame): frame.to
        case .gradient(let peer, _), .timer(let peer, _, _), .notice(let peer, _), .crash(_, _, let peer),
            .checkpoint(let peer):
            peer
        case .link(_, let peer): peer
        case .fault, .cut: nil
        }
    }
}
