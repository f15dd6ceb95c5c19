public import Gossip
public import Vectors

/// What can arrive at a node: there is one place to wait for all of it.
public enum Inbound: Sendable {
    case frame(Frame)
    case gradientReady(GradientReport)
    case timer(NodeTimer)
    /// The average that the surroundings took of what the peers handed in.
    case averaged(Payload)
    /// A peer is there, or is there again, in its life of that number.
    case peerJoined(PeerID, incarnation: UInt32)
    case peerLeft(PeerID)
    /// End after this step.
    case stop(afterStep: UInt64)
    /// Nothing but a reason to look around.
    case wake
}

/// A node's mouth and ears.
public protocol Transport: ~Copyable {
    var me: PeerID { get }

    /// Hands a frame over; never blocks, never calls back.
    mutating func send(_ frame: Frame)

    /// The next arrival, waited for until that moment at the most; nil when the moment came first. Without a moment it
    /// waits as long as it takes.
    mutating func receive(until deadline: Time?) -> Inbound?

    /// Lets other threads put something into this node's ear.
    var waker: Waker { get }
}

/// A handle by which any thread can reach a node.
public struct Waker: Sendable {
    private let deliver: @Sendable (Inbound) -> Void

    public init(_ deliver: @escaping @Sendable (Inbound) -> Void) {
        self.deliver = deliver
    }

    public func post(_ inbound: Inbound) { deliver(inbound) }
}
