/// How a gradient becomes a step: a transform over the whole flat vector, one pass over memory for each step.
///
/// An optimizer knows one model's worth of state and nothing of peers, schedules or weight decay. Whoever runs it sets
/// `learningRate` before each step, from a schedule; weight decay is part of the gradient, because it belongs to the
/// point where the gradient was taken, which need not be the vector that is updated (see `addWeightDecay`).
///
/// All spans have `count` numbers; any other number is a bug.
public protocol Optimizer: ~Copyable, Sendable {
    /// Numbers in the vectors it works on.
    var count: Int { get }

    /// What the next step is scaled by.
    var learningRate: Float { get set }

    /// Whether it remembers gradients. Algorithms that bring a momentum of their own refuse an optimizer that has one.
    var hasMomentum: Bool { get }

    /// Takes a step: `model <- model + d`, where `d` is what `direction(at:along:into:)` would have written in its
    /// place.
    mutating func update(_ model: inout MutableSpan<Float>, along gradient: Span<Float>)

    /// Writes the step without taking it, and remembers it as taken: `d` points downhill and is to be added.
    ///
    /// For `sgd`, `d = -learningRate * gradient`. The state (the momentum) moves on exactly as in `update`, so an
    /// algorithm calls one of the two for each gradient, never both.
    mutating func direction(
        at model: Span<Float>, along gradient: Span<Float>, into direction: inout MutableSpan<Float>)

    /// Forgets all gradients seen: the next step is like the first. The learning rate stays.
    mutating func reset()

    /// Shows each vector of state with its name, for checkpoints.
    func readState(_ body: (_ name: String, _ values: Span<Float>) throws -> Void) rethrows

    /// Lends each vector of state for writing, in the order of `readState`, for resuming.
    mutating func writeState(_ body: (_ name: String, _ values: inout MutableSpan<Float>) throws -> Void) rethrows
}
