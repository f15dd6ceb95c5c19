import Gossip
import Vectors

/// A node at rest, between two events: everything but its numbers, which lie beside it.
public struct NodeState: Sendable, Codable {
    var algorithm: SavedAlgorithm
    /// The average under way, and the vector of the last one.
    var averaging: RingAverage
    var averaged: Vector
    var statistics: NodeStatistics
    var isFinished: Bool
    var abandonment: String?
    var session: Session.State
    /// The payloads received and not yet released, by their numbers on the shelf.
    var received: [UInt64: Int]
    var payloadsReceived: UInt64
    var retransmissionAt: Time?
    /// Whether a gradient was asked for and not yet answered: the vector is then with the surroundings.
    public internal(set) var isGradientAway: Bool

    /// Gradient steps made.
    public var steps: UInt64 { statistics.steps }
    public var hasFinished: Bool { isFinished }
}

extension Node where Steps: ~Copyable, Surroundings: ~Copyable {
    /// The node as it is between two events. A gradient that was asked for is the port's to save.
    public mutating func state() -> (words: NodeState, numbers: Numbers) {
        var shelf = PayloadShelf()
        var numbers = Numbers()
        for slot in 0..<Slot.capacity where vectors.holds(slot) {
            numbers.vectors[Slot.name(slot)] = vectors.read(slot) { span in span.indices.map { span[$0] } }
        }
        let kept = received.sorted { $0.key.rawValue < $1.key.rawValue }
        var places: [UInt64: Int] = [:]
        for (id, payload) in kept { places[id.rawValue] = shelf.place(payload) }
        let words = NodeState(
            algorithm: SavedAlgorithm(algorithm), averaging: averaging, averaged: averaged, statistics: statistics,
            isFinished: isFinished, abandonment: abandonment,
            session: session.state(&shelf), received: places, payloadsReceived: payloads,
            retransmissionAt: retransmissionAt, isGradientAway: vectors.isAway(Slot.gradient))
        numbers.insert(shelf.numbers, under: "payload")
        numbers.insert(stepper.state, under: "optimizer")
        return (words, numbers)
    }

    /// Goes on from a state, in place of `start` or of the life so far. Throws where it is not one of a node with such
    /// a model and stepper.
    public mutating func restore(_ words: NodeState, _ numbers: Numbers) throws(StateError) {
        let shelf = try PayloadShelf(numbers.part(under: "payload"))
        var received: [PayloadID: Payload] = [:]
        for (id, place) in words.received { received[PayloadID(rawValue: id)] = try shelf.payload(place) }
        try session.restore(words.session, shelf)
        try stepper.restore(numbers.part(under: "optimizer"))
        for slot in 0..<Slot.capacity {
            // A node that comes back from the dead has vectors that its saved self had not, and a gradient under way.
            vectors.forget(slot)
            guard slot == Slot.model || numbers.vectors[Slot.name(slot)] != nil else { continue }
            vectors.put(FlatVector(try numbers.vector(Slot.name(slot), count: vectors.count)), in: slot)
        }
        isRestored = true
        if words.isGradientAway { _ = vectors.take(Slot.gradient) }
        algorithm = words.algorithm.algorithm
        averaging = words.averaging
        averaged = words.averaged
        statistics = words.statistics
        isFinished = words.isFinished
        abandonment = words.abandonment
        self.received = received
        payloads = words.payloadsReceived
        retransmissionAt = words.retransmissionAt
    }
}

extension Slot {
    /// The name under which a slot's vector is saved.
    static func name(_ slot: Int) -> String {
        switch slot {
        case model: "model"
        case gradient: "gradient"
        default: "named.\(slot - named)"
        }
    }
}
