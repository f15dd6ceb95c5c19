import Gossip

/// A handle by which any thread can reach a node.
public struct Waker: Sendable {
    private let deliver: @Sendable (Inbound) -> Void

    public init(_ deliver: @escaping @Sendable (Inbound) -> Void) {
        self.deliver = deliver
    }

    public func post(_ inbound: Inbound) { deliver(inbound) }
}
