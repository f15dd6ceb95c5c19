import Graphs

/// The pushes that are on their way to peers who are there, of whom a peer has a limited number: while the window is
/// full it pushes nothing. What is in doubt behind a broken link paces nobody.
struct PushWindow: Sendable, Codable {
    private let limit: Int
    private var receivers: [MessageID: PeerID] = [:]

    init(limit: Int) { self.limit = limit }

    var isFull: Bool { receivers.count >= limit }

    mutating func sent(_ id: MessageID, to receiver: PeerID) { receivers[id] = receiver }

    /// It was delivered, or has come back.
    mutating func settled(_ id: MessageID) { receivers[id] = nil }

    mutating func left(_ peer: PeerID) { receivers = receivers.filter { $0.value != peer } }
}
