public import Graphs
public import Randomness

/// What an algorithm wants done. Effects are carried out in order, and each reads its vectors as they are at that
/// moment.
public enum Effect: Hashable, Sendable, Codable {
    /// Compute the gradient at `at` as it is now; slow, answered by `gradientReady`. Until then `.gradient` may not be
    /// named. Weight decay is part of the gradient, taken at the same point.
    case gradient(at: Term)
    /// `model <- optimizer(model, gradient)`.
    case update
    /// The optimizer's step without applying it: `into <- step(at, along)`, so that `at + into` is what `update` would
    /// give.
    case direction(at: Vector, along: Vector, into: Vector)
    /// `into <- sum of the terms`, in one pass; of `part` only, where one is named. Terms that are differences are all
    /// taken from the same vector, and none of `into`.
    case combine(into: Vector, part: Part?, [Term])
    /// `into <- normal numbers of this standard deviation`, drawn from the stream: for byzantine peers.
    case noise(into: Vector, deviation: Double, RandomStream)
    /// `into <- the standard deviation of the vectors`, in each coordinate, with one less than their count in the
    /// denominator: for byzantine peers.
    case deviation(into: Vector, of: [Vector])
    /// `into <- what the rule makes of the own vector and the others`, in the order of the buckets; a bucket of several
    /// is averaged first. The own term's weight is what the others leave; at 0 the own vector is no candidate and only
    /// what the others are measured from. `memory` holds what a rule with a memory gave before, and then what it gives.
    /// Vectors with a number that is not finite do not enter.
    case aggregate(into: Vector, by: AggregationRule, own: Term, [[Term]], memory: Vector?)
    /// Replace the vector by its exact average over all peers, who must all ask for it; slow, answered by `averaged`.
    /// Until then the vector may not be named. One at a time.
    case average(Vector)
    /// Test the vector on samples set apart for validation; answered by `scored`, after this event's other effects.
    case score(Vector)
    /// Tell how far the vectors are from one, number for number; answered by `measured`, after this event's other
    /// effects.
    case measure([Vector], from: Vector)
    /// Send a snapshot of the vector (or of a part of it), or metadata alone.
    case send(Vector?, part: Part?, metadata: Metadata, to: PeerID, id: MessageID)
    /// Send the product of the vector with the factors of the edge to that peer, which begins with the first product
    /// and draws its factors from `seed`.
    case sendProduct(Vector, Factoring, seed: UInt64, metadata: Metadata, to: PeerID, id: MessageID)
    /// Move the vector towards those of neighbours by their shares, as far as the factors show them; each of whom was
    /// sent a product of the vector since the last mix.
    case mixProducts(into: Vector, Factoring, [ProductTerm])
    /// Compute a pass at the model as it is now, up to its first stop; slow, answered by `passStopped` or `passEnded`.
    /// The pass keeps to that model to its end. One computation at a time.
    case beginPass(Pass)
    /// Compute on with the parts that the pass waited for, up to its next stop; slow, answered likewise.
    case resumePass(Pass, parts: [PayloadID])
    /// Forget a pass that is not needed any more.
    case dropPass(Pass)
    /// The step that passes were made for is over: it counts, and the optimizer goes on to the next one.
    case endStep
    /// Forget the optimizer's state.
    case resetOptimizer
    /// The payload that came with this event stays beyond it, until it is released.
    case keep(PayloadID)
    /// The kept payload is no longer needed after this event.
    case release(PayloadID)
    /// Answer with `timer` at that moment.
    case timer(TimerID, at: Time)
    /// This peer asks for no more gradients; it still answers messages.
    case finish
    /// This peer cannot go on: it makes no further step, and the run fails with this reason. For algorithms that have
    /// no answer to the crash of a peer, and would wait forever (all-reduce, corrections that all must share).
    case abandon(String)
}

/// Effects as one line each.
extension Effect {
    /// The effect in words, for golden traces; numbers of messages and payloads are those of its peer.
    public var line: String {
        switch self {
        case .gradient(let term): "gradient at \(term.line)"
        case .update: "update"
        case .direction(let point, let gradient, let target):
            "\(target.line) ← step at \(point.line) along \(gradient.line)"
        case .combine(let target, let part, let terms):
            "\(target.line)\(part.map(\.line) ?? "") ← " + terms.map(\.line).joined(separator: " + ")
        case .noise(let target, let deviation, _): "\(target.line) ← \(deviation) noise"
        case .deviation(let target, let vectors):
            "\(target.line) ← deviation of " + vectors.map(\.line).joined(separator: " ")
        case .aggregate(let target, let rule, let own, let buckets, _):
            "\(target.line) ← \(rule.line) of \(own.line)"
                + buckets.map { " + (" + $0.map(\.line).joined(separator: " + ") + ")" }.joined()
        case .average(let vector): "average \(vector.line)"
        case .score(let vector): "score \(vector.line)"
        case .measure(let vectors, let origin):
            "measure " + vectors.map(\.line).joined(separator: " ") + " from \(origin.line)"
        case .send(let vector, let part, let metadata, let peer, let id):
            "send \(id.rawValue) \(vector.map(\.line) ?? "-")\(part.map(\.line) ?? "") \(metadata.line) to \(peer)"
        case .sendProduct(let vector, let factoring, _, let metadata, let peer, let id):
            "send \(id.rawValue) \(vector.line) x \(factoring.rank) factors \(metadata.line) to \(peer)"
        case .mixProducts(let target, _, let terms):
            "\(target.line) ← by factors " + terms.map { "\($0.weight) \($0.payload.line)" }.joined(separator: " + ")
        case .beginPass(let pass): "begin \(pass.line)"
        case .resumePass(let pass, let parts): "resume \(pass.line) with " + parts.map(\.line).joined(separator: " ")
        case .dropPass(let pass): "drop \(pass.line)"
        case .endStep: "end step"
        case .resetOptimizer: "reset optimizer"
        case .keep(let payload): "keep #\(payload.rawValue)"
        case .release(let payload): "release #\(payload.rawValue)"
        case .timer(let timer, let time): "timer \(timer.rawValue) at \(time.seconds) s"
        case .finish: "finish"
        case .abandon(let reason): "abandon: \(reason)"
        }
    }
}
