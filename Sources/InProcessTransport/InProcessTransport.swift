import DequeModule
import Dispatch
public import Gossip
public import Runtime
import Synchronization

/// A network between the threads of one process: frames are handed over by reference, never copied, lost or reordered.
public final class InProcessNetwork: Sendable {
    private let mailboxes: [Mailbox]
    /// How many peers there are, servers included.
    public var peers: Int { mailboxes.count }

    /// A network of that many peers, servers included. `clock` tells the time of the run.
    public init(peers: Int, clock: @escaping @Sendable () -> Time) {
        mailboxes = (0..<peers).map { _ in Mailbox(clock: clock) }
    }

    /// The mouth and ears of one peer, for the one thread that runs its node.
    public func transport(for peer: PeerID) -> InProcessTransport {
        InProcessTransport(me: peer, network: self)
    }

    /// A handle by which any thread can reach that peer's node.
    public func waker(for peer: PeerID) -> Waker {
        let mailbox = mailboxes[peer.rawValue]
        return Waker { mailbox.put($0) }
    }

    fileprivate func mailbox(of peer: PeerID) -> Mailbox { mailboxes[peer.rawValue] }
}

/// One peer's end of an in-process network.
public struct InProcessTransport: Transport, ~Copyable {
    public let me: PeerID
    private let network: InProcessNetwork

    init(me: PeerID, network: InProcessNetwork) {
        self.me = me
        self.network = network
    }

    public func send(_ frame: Frame) {
        network.mailbox(of: frame.to).put(.frame(frame))
    }

    public func receive(until deadline: Time?) -> Inbound? {
        network.mailbox(of: me).next(until: deadline)
    }

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
