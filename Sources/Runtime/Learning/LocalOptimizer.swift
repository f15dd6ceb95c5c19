public import Vectors

/// The half of local learning that is quick: what an optimizer makes of a gradient. Called on the node's thread.
public protocol LocalOptimizer: ~Copyable, SendableMetatype {
    /// Whether steps are made outside of the node, so that `updated` takes the place of `update`.
    var stepsOutside: Bool { get }

    /// Prepares for step number `step` (0 is the first) and returns its learning rate.
    mutating func begin(step: UInt64) -> Float

    /// `model <- optimizer(model, gradient)`.
    mutating func update(_ model: inout MutableSpan<Float>, along gradient: Span<Float>)

    /// What `update` would make of the model, of an optimizer that steps outside: a vector of its own, or nil where the
    /// model is to stay as it is. Neither payload may be held on to unless the next write is to copy it.
    mutating func updated(_ model: Payload, along gradient: Payload) -> Payload?

    /// The step that was made outside is taken over where the model lies outside, too: what it made is the model.
    mutating func keepStep()

    /// The model that was left outside, as it lies there now.
    mutating func broughtModel() -> Payload

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

/// Most optimizers step in the node's own vectors.
extension LocalOptimizer where Self: ~Copyable {
    public var stepsOutside: Bool { false }

    public mutating func updated(_ model: Payload, along gradient: Payload) -> Payload? {
        preconditionFailure("an optimizer that steps in place is asked for a step outside")
    }

    public mutating func keepStep() {
        preconditionFailure("a step is kept where no model was left")
    }

    public mutating func broughtModel() -> Payload {
        preconditionFailure("a model is wanted back where none was left")
    }
}
