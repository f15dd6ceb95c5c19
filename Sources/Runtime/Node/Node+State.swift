import Gossip
import Vectors

extension Node {
    /// The node as it is between two events. A gradient or pass that was asked for is the port's to save, and passes
    /// that wait are the learner's.
    public mutating func state() -> (words: NodeState, numbers: StateDict) {
        bringModel()
        var table = PayloadTable()
        var numbers = StateDict()
        for slot in 0..<Slot.capacity where vectors.holds(slot) {
            numbers.vectors[Slot.name(slot)] = vectors.read(slot) { span in span.indices.map { span[$0] } }
        }
        var places: [UInt64: Int] = [:]
        for (id, payload) in zip(received.keys, received.values) { places[id] = table.place(payload) }
        let savedEdges = savedEdges(&table)
        let linkState = links?.state(&table)
        let words = NodeState(
            algorithm: SavedAlgorithm(algorithm), averaging: averaging, averaged: averaged, statistics: statistics,
            isFinished: isFinished, abandonment: abandonment,
            session: session.state(&table), received: places, payloadsReceived: payloads,
            lastMessage: effects.lastMessage, retransmissionAt: retransmissionAt,
            isGradientAway: vectors.isAway(Slot.gradient), passes: passes, links: linkState,
            edges: savedEdges)
        numbers.insert(table.numbers, under: "payload")
        numbers.insert(localOptimizer.state, under: "optimizer")
        return (words, numbers)
    }

    /// Goes on from a state, in place of `start` or of the life so far. Throws where it is not one of a node with such
    /// a model and local optimizer.
    public mutating func restore(_ words: NodeState, _ numbers: StateDict) throws(StateError) {
        let table = try PayloadTable(numbers.part(under: "payload"))
        var received = SortedTable<UInt64, Payload>()
        for (id, place) in words.received { received[id] = try table.payload(place) }
        try restoreEdges(words.edges, table)
        try session.restore(words.session, table)
        try links?.restore(words.links, table)
        try localOptimizer.restore(numbers.part(under: "optimizer"))
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
        passes = words.passes
        // The step may be under way still, in which case its learning rate is.
        if statistics.steps > 0 || passes != nil { beginStep() }
        isFinished = words.isFinished
        abandonment = words.abandonment
        self.received = received
        payloads = words.payloadsReceived
        effects = Effects(after: words.lastMessage)
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
