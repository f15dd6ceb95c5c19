public import Gossip
public import Graphs
import Vectors

/// A node's connection.
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
