import Gossip
import Vectors

/// Vectors by their names: where their numbers lie.
extension Node {
    func payload(_ id: PayloadID) -> Payload {
        guard let payload = received[id.rawValue] else {
            preconditionFailure("payload \(id.rawValue) is used and has gone")
        }
        return payload
    }

    func snapshot(_ vector: Vector, _ part: Part?) -> Payload {
        if let payload = payload(named: vector) {
            precondition(part == nil, "a received payload is passed on whole")
            return payload
        }
        let range = part?.range(in: vectors.count) ?? 0..<vectors.count
        return vectors.snapshot(slot(vector), range: range)
    }

    /// A term as the store knows it, of a combination into that range.
    func stored(_ term: Term, in range: Range<Int>) -> VectorStore.Term {
        VectorStore.Term(
            weight: term.weight,
            source: source(term.vector, term.part?.range(in: vectors.count) ?? 0..<vectors.count),
            origin: term.origin.map { source($0, range) })
    }

    func source(_ vector: Vector, _ range: Range<Int>) -> VectorStore.Term.Source {
        if let payload = payload(named: vector) { .payload(payload) } else { .slot(slot(vector), range) }
    }

    /// The payload of a vector that is none of the node's own.
    private func payload(named vector: Vector) -> Payload? {
        switch vector {
        case .received(let id): return payload(id)
        case .told(let peer, let tag):
            guard let replica = links?.replica(of: tag, at: peer) else {
                preconditionFailure("peer \(peer) was told nothing")
            }
            return replica
        case .model, .gradient, .named: return nil
        }
    }

    func slot(_ vector: Vector) -> Int {
        switch vector {
        case .model: return Slot.model
        case .gradient: return Slot.gradient
        case .named(let number):
            precondition(
                number < Slot.namedLimit,
                "an algorithm may name \(Slot.namedLimit) vectors, not number \(number)")
            return Slot.named + Int(number)
        case .received(let id):
            preconditionFailure("payload \(id.rawValue) cannot be written or trained at")
        case .told(let peer, _):
            preconditionFailure("what peer \(peer) was told cannot be written or trained at")
        }
    }
}
