import Graphs

/// The pushes of which a peer has heard nothing since: how much weight went with each, and whether there is room for
/// another one. What is in doubt behind a broken link takes no room, so that it paces nobody.
struct PushesUnderWay: Sendable, Codable {
    private struct Push: Sendable, Codable {
        let weight: Double
        let receiver: PeerID
        var takesRoom = true
    }

    /// How many there is room for; nil for any number.
    private let limit: Int?
    private var pushes: [MessageID: Push] = [:]

    init(limit: Int?) { self.limit = limit }

    var isFull: Bool {
        guard let limit else { return false }
        return pushes.values.count { $0.takesRoom } >= limit
    }

    mutating func sent(_ id: MessageID, weight: Double, to receiver: PeerID) {
        pushes[id] = Push(weight: weight, receiver: receiver)
    }

    /// It was delivered, or has come back. Returns its weight; 0 where it was none.
    @discardableResult mutating func settled(_ id: MessageID) -> Double { pushes.removeValue(forKey: id)?.weight ?? 0 }

    mutating func left(_ peer: PeerID) {
        guard limit != nil else { return }
        for (id, push) in pushes where push.receiver == peer { pushes[id]?.takesRoom = false }
    }
}
