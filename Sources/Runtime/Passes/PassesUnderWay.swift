import Gossip

/// What a node knows of its passes, which are its learner's.
struct PassesUnderWay: Sendable, Codable {
    /// Those that have begun, and neither ended nor been dropped, in the order in which they began.
    var underWay: [Pass] = []
    /// Updates of the model so far, and when each of them began.
    var updates: UInt64 = 0
    var begun: [Pass: UInt64] = [:]
    /// The one of them that is being computed.
    var computing: Pass?

    /// How many updates the model has had since a pass began.
    func staleness(of pass: Pass) -> UInt64? { begun[pass].map { updates - min($0, updates) } }

    mutating func forget(_ pass: Pass) {
        underWay.removeAll { $0 == pass }
        begun[pass] = nil
    }
}
