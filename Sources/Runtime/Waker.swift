import Gossip

/// A handle by which any thread can reach a node.
public struct Waker: Sendable {
    private let deliver: @Sendable (Inbound) -> Void

    public init(_ deliver: @escaping @Sendable (Inbound) -> Void) {
        self.deliver = deliver
    }

    /// Hands something to the node from any thread; whether it is waited for is up to the closure given at first.
    public func post(_ inbound: Inbound) { deliver(inbound) }
}
