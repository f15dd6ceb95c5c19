import DequeModule
import Dispatch
public import Gossip
public import Graphs
public import Runtime
import Synchronization

/// One peer's end of an in-process network.
public struct InProcessTransport: Transport, ~Copyable {
    public let me: PeerID
    private let network: InProcessNetwork
    private let mailbox: Mailbox

    init(me: PeerID, network: InProcessNetwork, mailbox: Mailbox) {
        self.me = me
        self.network = network
        self.mailbox = mailbox
    }

    public func send(_ frame: Frame) { network.send(frame) }

    public func receive(until deadline: Time?) -> Inbound? { mailbox.next(until: deadline) }

    public var waker: Waker { network.waker(for: me) }
}
