import Gossip
import Randomness
import Vectors

/// Effects that make one of the node's vectors of others.
extension Node {
    mutating func carryOutOnVectors(_ effect: Effect) {
        switch effect {
        case .direction(let point, let gradient, let target):
            direction(at: slot(point), along: slot(gradient), into: slot(target))
        case .combine(let target, let part, let terms):
            let range = part?.range(in: vectors.count) ?? 0..<vectors.count
            combine(into: slot(target), range: range, terms.map { stored($0, in: range) })
        case .noise(let target, let deviation, let stream):
            var stream = stream
            vectors.write(slot(target)) { span in
                for index in span.indices { span[index] = Float(deviation * stream.normal()) }
            }
        case .deviation(let target, let sources):
            vectors.deviation(into: slot(target), of: sources.map { source($0, 0..<vectors.count) })
        case .aggregate(let target, let rule, let own, let others, let memory):
            aggregate(into: target, by: rule, own: own, others, memory: memory)
        default: preconditionFailure("\(effect.line) is no effect on vectors")
        }
    }

    /// Takes over what an optimizer that steps outside made of the model.
    mutating func updateOutside() {
        awaitsStep = false
        if isModelOutside { return localOptimizer.keepStep() }
        let range = 0..<vectors.count
        let (model, gradient) = (
            vectors.snapshot(Slot.model, range: range), vectors.snapshot(Slot.gradient, range: range)
        )
        if let updated = localOptimizer.updated(model, along: gradient) {
            vectors.combine(into: Slot.model, range: range, [VectorStore.Term(weight: 1, source: .payload(updated))])
        }
    }

    private mutating func direction(at point: Int, along gradient: Int, into target: Int) {
        precondition(
            target != point && target != gradient, "a direction is written into one of its sources")
        vectors.overwrite(target, reading: point, gradient) { target, model, gradient in
            localOptimizer.direction(at: model, along: gradient, into: &target)
        }
    }
}

/// A model that lies with whoever makes the steps: as long as no effect reads or changes it, the node has none of its
/// own, and nothing is copied.
extension Node {
    /// Whether the model lies outside.
    public var isModelOutside: Bool { stepsOutside && vectors.isAway(Slot.model) }

    /// Leaves the model outside, where the same numbers lie. Only for an algorithm that steps first: what its optimizer
    /// makes of the model is there before the node hears of the gradient.
    public mutating func leaveModelOutside() { vectors.leave(Slot.model) }

    /// Has the model here again, if it was left outside.
    public mutating func bringModel() {
        guard isModelOutside else { return }
        precondition(
            !awaitsStep, "peer \(me) reads or changes the model before the step, and its traits say that it does not")
        vectors.put(localOptimizer.broughtModel(), in: Slot.model)
    }
}

extension Effect {
    /// Whether a model that lies outside may stay there.
    var leavesModelOutside: Bool {
        switch self {
        case .update, .resetOptimizer, .keep, .release, .timer, .finish, .abandon, .send(nil, _, _, _, _): true
        case .gradient(let term): term.vector == .model && term.weight == 1
        default: false
        }
    }
}
