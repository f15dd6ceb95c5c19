/// The half of local learning that is quick: what an optimizer makes of a gradient. Called on the node's thread.
public protocol LocalOptimizer: ~Copyable, SendableMetatype {
    /// Prepares for step number `step` (0 is the first) and returns its learning rate.
    mutating func begin(step: UInt64) -> Float

    /// `model <- optimizer(model, gradient)`.
    mutating func update(_ model: inout MutableSpan<Float>, along gradient: Span<Float>)

    /// `into <- what update would add to the model`, without touching the model; the optimizer's state does advance.
    mutating func direction(
        at model: Span<Float>, along gradient: Span<Float>, into target: inout MutableSpan<Float>)

    /// Forgets momentum and the like.
    mutating func reset()

    /// What it remembers from one step to the next, such as momentum.
    var state: StateDict { mutating get }

    /// Goes on from such a state. Throws where it is not one of this local optimizer.
    mutating func restore(_ state: StateDict) throws(StateError)
}
