import Gossip
import Vectors

/// A node that goes on from a saved state trusts its algorithm less: what that asks for may not be there. It gives up
/// then, with the reason, where one that has begun here has a bug and stops the program.
extension Node {
    /// Whether an effect cannot be carried out: then the node has given up.
    mutating func refuses(_ effect: Effect) -> Bool {
        guard isRestored, let misfit = misfit(effect) else { return false }
        isFinished = true
        abandonment = abandonment ?? "the state that peer \(me) went on from is none of its algorithm: \(misfit)"
        return true
    }

    /// Why an effect cannot be carried out; nil where it can.
    private func misfit(_ effect: Effect) -> String? {
        switch effect {
        case .gradient(let term):
            if isComputing { return "a gradient is asked for while something is computed" }
            return term.part == nil ? misfit(slot: term.vector) : "a gradient is asked for at a part of a vector"
        case .update: return misfit(slot: .gradient)
        case .direction(let point, let gradient, let target):
            if target == point || target == gradient { return "a direction is written into one of its sources" }
            return misfit(slot: point) ?? misfit(slot: gradient) ?? misfit(slot: target)
        case .combine(let target, let part, let terms):
            let range = part?.range(in: vectors.count) ?? 0..<vectors.count
            if let misfit = misfit(slot: target) { return misfit }
            for term in terms {
                if let misfit = misfit(term, of: range.count) ?? term.origin.flatMap({ misfit($0) }) { return misfit }
            }
            return nil
        case .noise(let target, _, _): return misfit(slot: target)
        case .deviation(let target, let sources):
            if sources.contains(target) { return "a deviation is written into one of its sources" }
            let misfits = sources.compactMap { misfit(Term(1, $0), of: vectors.count) }
            return misfit(slot: target) ?? misfits.first
        case .aggregate(let target, let rule, let own, let others, let memory):
            if case .ubar = rule, scorer == nil { return "there is nothing to score by" }
            if let misfit = misfit(slot: target) ?? memory.flatMap({ misfit(slot: $0) }) { return misfit }
            for term in [own] + others.joined() {
                if let misfit = misfit(term, of: vectors.count) { return misfit }
            }
            return others.contains { $0.isEmpty } ? "nothing is averaged" : nil
        case .send(let vector, let part, _, _, _):
            guard let vector else { return nil }
            if case .received = vector, part != nil { return "a part of a payload is sent" }
            return misfit(vector)
        case .sendProduct(let vector, let factoring, _, _, let peer, _):
            if case .received = vector { return "a product of a payload is sent" }
            return misfit(slot: vector) ?? misfit(peer, factoring, product: nil)
        case .mixProducts(let target, let factoring, let terms):
            for term in terms {
                if let misfit = misfit(term.peer, factoring, product: term.payload) { return misfit }
            }
            return misfit(slot: target)
        case .average(let vector):
            return averaging.vector == nil ? misfit(slot: vector) : "an average is asked for while one is under way"
        case .score(let vector): return scorer == nil ? "there is nothing to score by" : misfit(vector)
        case .measure(let vectors, let origin):
            for vector in vectors + [origin] {
                if let misfit = misfit(vector) { return misfit }
            }
            return nil
        case .keep(let payload):
            return expiring.contains(payload) ? nil : "payload \(payload.rawValue) is kept twice, or has gone"
        case .release(let payload):
            if expiring.contains(payload) { return "payload \(payload.rawValue) is released and is not kept" }
            return misfit(.received(payload))
        case .beginPass: return busyMisfit
        case .resumePass(let pass, let parts):
            if passes?.underWay.contains(pass) != true { return "a pass goes on that has not begun" }
            for part in parts {
                if let misfit = misfit(.received(part)) { return misfit }
            }
            return busyMisfit
        case .dropPass(let pass): return passes?.computing == pass ? "a pass is dropped while it is computed" : nil
        case .resetOptimizer, .timer, .endStep, .finish, .abandon: return nil
        }
    }

    private var busyMisfit: String? {
        isComputing ? "a pass is asked for while something is computed" : nil
    }

    private func misfit(_ term: Term, of count: Int) -> String? {
        if let misfit = misfit(term.vector) { return misfit }
        let length =
            if case .received(let payload) = term.vector {
                received[payload.rawValue]?.count ?? 0
            } else if case .told(let peer, let tag) = term.vector {
                links?.replica(of: tag, at: peer)?.count ?? 0
            } else {
                term.part?.range(in: vectors.count).count ?? vectors.count
            }
        return length == count ? nil : "\(length) numbers are mixed into \(count)"
    }

    private func misfit(_ vector: Vector) -> String? {
        if case .told(let peer, let tag) = vector {
            return links?.replica(of: tag, at: peer) == nil ? "peer \(peer) was told nothing" : nil
        }
        guard case .received(let payload) = vector else { return misfit(slot: vector) }
        return received[payload.rawValue] == nil ? "payload \(payload.rawValue) is not there" : nil
    }

    private func misfit(slot vector: Vector) -> String? {
        switch vector {
        case .model: nil
        case .gradient: vectors.isAway(Slot.gradient) ? "the gradient is used while it is computed" : nil
        case .named(let number): number < Slot.namedLimit ? nil : "there is no vector number \(number)"
        case .received(let payload): "payload \(payload.rawValue) is written, or trained at"
        case .told(let peer, _): "what peer \(peer) was told is written, or trained at"
        }
    }
}
