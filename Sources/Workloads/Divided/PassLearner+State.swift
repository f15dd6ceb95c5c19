import Gossip
package import Runtime
import Vectors

/// What a checkpoint keeps of a learner: of each pass under way the parameters that it began at, and what has come for
/// it.
extension PassLearner {
    private static let passes = "passes"
    private static func modelName(_ index: Int) -> String { "model.\(index)" }
    private static func partsName(_ index: Int) -> String { "parts.\(index)" }

    /// For each pass its microbatch, its slot, the number of its model, and how often parts have come. Passes that
    /// began at the same parameters share them.
    package var state: StateDict {
        var numbers = StateDict(words: [Self.passes: []])
        var models: [ObjectIdentifier: Int] = [:]
        let ordered = flights.sorted { ($0.key.microbatch, $0.key.slot) < ($1.key.microbatch, $1.key.slot) }
        for (index, (pass, flight)) in ordered.enumerated() {
            let identity = ObjectIdentifier(flight.model)
            let model = models[identity] ?? models.count
            models[identity] = model
            numbers.vectors[Self.modelName(model)] = flight.model.array()
            numbers.vectors[Self.partsName(index)] = flight.parts.joined().flatMap { $0.array() }
            numbers.words[Self.passes, default: []] += [
                pass.microbatch, UInt64(pass.slot), UInt64(model), UInt64(flight.parts.count),
            ]
        }
        return numbers
    }

    package mutating func restore(_ state: StateDict) throws(StateError) {
        for pass in Array(flights.keys) { drop(pass) }
        guard let passes = state.words[Self.passes], passes.count % 4 == 0 else {
            throw StateError("'\(Self.passes)' is not four words for each pass")
        }
        var names = [Self.passes]
        var models: [UInt64: Payload] = [:]
        for (index, place) in stride(from: 0, to: passes.count, by: 4).enumerated() {
            let words = Array(passes[place..<(place + 4)])
            guard words[0] <= StateAudit.countLimit, words[1] < UInt64(self.passes.slots), words[2] <= UInt64(index)
            else {
                throw StateError("'\(Self.passes)' holds what no pass ever is")
            }
            let pass = Pass(microbatch: words[0], slot: Int(words[1]))
            guard flights[pass] == nil else { throw StateError("'\(Self.passes)' holds a pass twice") }
            let name = Self.modelName(Int(words[2]))
            let numbers = try state.vector(name, count: self.passes.vectorCount)
            let model = models[words[2]] ?? Payload(numbers)
            models[words[2]] = model
            names += [name, Self.partsName(index)]
            guard let parts = state.vectors[Self.partsName(index)] else {
                throw StateError("there is no vector '\(Self.partsName(index))'")
            }
            try repeatPass(pass, at: model, times: words[3], parts)
        }
        try state.refuseUnknown(besides: names)
    }

    /// Computes a pass as far as it had come.
    private mutating func repeatPass(
        _ pass: Pass, at model: Payload, times: UInt64, _ parts: [Float]
    ) throws(StateError) {
        let pool = PayloadPool()
        var rest = parts[...]
        _ = advance(PassRequest(beginning: pass, at: model), pool)
        for _ in 0..<times {
            guard let incoming = flights[pass]?.incoming, incoming.reduce(0, +) <= rest.count else {
                throw StateError("a pass has not waited for what has come for it")
            }
            let next = incoming.map { count in
                defer { rest = rest.dropFirst(count) }
                return Payload(Array(rest.prefix(count)))
            }
            _ = advance(PassRequest(resuming: pass, with: next), pool)
        }
        guard flights[pass] != nil, rest.isEmpty else {
            throw StateError("a pass has not waited for what has come for it")
        }
    }
}
