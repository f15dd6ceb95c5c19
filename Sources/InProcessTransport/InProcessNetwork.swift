import DequeModule
import Dispatch
public import Gossip
public import Graphs
public import Runtime
import Synchronization

/// A network between the threads of one process: frames are handed over by reference, never copied, lost or reordered.
/// Frames for peers that live elsewhere leave by a door.
public final class InProcessNetwork: Sendable {
    private let mailboxes: [Mailbox]
    /// The peers that live here, servers included.
    public let localPeerIDs: Range<Int>
    /// How many peers there are in all.
    public let peers: Int
    private let uplink: @Sendable (Frame) -> Void

    /// A network of that many peers, servers included, all of whom live here. `clock` tells the time of the run.
    public convenience init(peers: Int, clock: @escaping @Sendable () -> Time) {
        self.init(localPeerIDs: 0..<peers, of: peers, clock: clock) { frame in
            preconditionFailure("a frame is for peer \(frame.to), and there are \(peers)")
        }
    }

    /// A network of some of the peers of a run; `uplink` takes the frames for the others, on the sender's thread.
    public init(
        localPeerIDs: Range<Int>, of peers: Int, clock: @escaping @Sendable () -> Time,
        uplink: @escaping @Sendable (Frame) -> Void
    ) {
        self.localPeerIDs = localPeerIDs
        self.peers = peers
        self.uplink = uplink
        mailboxes = localPeerIDs.map { _ in Mailbox(clock: clock) }
    }

    /// The connection of one peer that lives here, for the one thread that runs its node.
    public func transport(for peer: PeerID) -> InProcessTransport {
        InProcessTransport(me: peer, network: self, mailbox: mailbox(of: peer))
    }

    /// A handle by which any thread can reach the node of a peer that lives here.
    public func waker(for peer: PeerID) -> Waker {
        let mailbox = mailbox(of: peer)
        return Waker { mailbox.put($0) }
    }

    func send(_ frame: Frame) {
        guard localPeerIDs.contains(frame.to.rawValue) else { return uplink(frame) }
        mailbox(of: frame.to).put(.frame(frame))
    }

    private func mailbox(of peer: PeerID) -> Mailbox {
        precondition(localPeerIDs.contains(peer.rawValue), "peer \(peer) does not live among \(localPeerIDs)")
        return mailboxes[peer.rawValue - localPeerIDs.lowerBound]
    }
}
