import DequeModule
import Dispatch
public import Gossip
public import Runtime
import Synchronization

/// A network between the threads of one process: frames are handed over by reference, never copied, lost or reordered.
/// Frames for peers that live elsewhere leave by a door.
public final class InProcessNetwork: Sendable {
    private let mailboxes: [Mailbox]
    /// The peers that live here, servers included.
    public let residents: Range<Int>
    /// How many peers there are in all.
    public let peers: Int
    private let door: @Sendable (Frame) -> Void

    /// A network of that many peers, servers included, all of whom live here. `clock` tells the time of the run.
    public convenience init(peers: Int, clock: @escaping @Sendable () -> Time) {
        self.init(residents: 0..<peers, of: peers, clock: clock) { frame in
            preconditionFailure("a frame is for peer \(frame.to), and there are \(peers)")
        }
    }

    /// A network of some of the peers of a run; `door` takes the frames for the others, on the sender's thread.
    public init(
        residents: Range<Int>, of peers: Int, clock: @escaping @Sendable () -> Time,
        door: @escaping @Sendable (Frame) -> Void
    ) {
        self.residents = residents
        self.peers = peers
        self.door = door
        mailboxes = residents.map { _ in Mailbox(clock: clock) }
    }

    /// The mouth and ears of one peer that lives here, for the one thread that runs its node.
    public func transport(for peer: PeerID) -> InProcessTransport {
        InProcessTransport(me: peer, network: self, mailbox: mailbox(of: peer))
    }

    /// A handle by which any thread can reach the node of a peer that lives here.
    public func waker(for peer: PeerID) -> Waker {
        let mailbox = mailbox(of: peer)
        return Waker { mailbox.put($0) }
    }

    fileprivate func send(_ frame: Frame) {
        guard residents.contains(frame.to.rawValue) else { return door(frame) }
        mailbox(of: frame.to).put(.frame(frame))
    }

    private func mailbox(of peer: PeerID) -> Mailbox {
        precondition(residents.contains(peer.rawValue), "peer \(peer) does not live among \(residents)")
        return mailboxes[peer.rawValue - residents.lowerBound]
    }
}

/// One peer's end of an in-process network.
public struct InProcessTransport: Transport, ~Copyable {
    public let me: PeerID
    private let network: InProcessNetwork
    private let mailbox: Mailbox

    fileprivate init(me: PeerID, network: InProcessNetwork, mailbox: Mailbox) {
        self.me = me
        self.network = network
        self.mailbox = mailbox
    }

    public func send(_ frame: Frame) { network.send(frame) }

    public func receive(until deadline: Time?) -> Inbound? { mailbox.next(until: deadline) }

    public var waker: Waker { network.waker(for: me) }
}

/// Arrivals in order, for one reader.
private final class Mailbox: Sendable {
    private let arrivals = Mutex(Deque<Inbound>())
    private let count = DispatchSemaphore(value: 0)
    private let clock: @Sendable () -> Time

    init(clock: @escaping @Sendable () -> Time) { self.clock = clock }

    func put(_ inbound: Inbound) {
        arrivals.withLock { $0.append(inbound) }
        count.signal()
    }

    func next(until deadline: Time?) -> Inbound? {
        if let deadline {
            let nanoseconds = max(0, deadline.nanoseconds - clock().nanoseconds)
            let limit = DispatchTime.now() + .nanoseconds(Int(nanoseconds))
            guard count.wait(timeout: limit) == .success else { return nil }
        } else {
            count.wait()
        }
        return arrivals.withLock { $0.popFirst() }
    }
}
