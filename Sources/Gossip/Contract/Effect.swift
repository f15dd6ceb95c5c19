public import Graphs

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
    /// Replace the vector by its exact average over all peers, who must all ask for it; slow, answered by `averaged`.
    /// Until then the vector may not be named. One at a time.
    case average(Vector)
    /// Test the vector on samples set apart for validation; answered by `scored`, after this event's other effects.
    case score(Vector)
    /// Send a snapshot of the vector (or of a part of it), or a note alone.
    case send(Vector?, part: Part?, metadata: Metadata, to: PeerID, id: MessageID)
    /// Forget the optimizer's state.
    case resetOptimizer
    /// The received payload is no longer needed.
    case release(PayloadID)
    /// Answer with `timer` at that moment.
    case timer(TimerID, at: Time)
    /// This peer asks for no more gradients; it still answers messages.
    case finish
    /// This peer cannot go on: it makes no further step, and the run fails with this reason. For algorithms that have
    /// no answer to the crash of a peer, and would wait forever (all-reduce, corrections that all must share).
    case abandon(String)
}
