public import Gossip
public import Vectors

/// The half of local learning that is slow: a model, data and the gradient of one on the other.
///
/// `load` is called on the node's thread, `gradient` on the compute thread, strictly in turn. In virtual time the two
/// come together, on whatever thread is free.
public protocol Learner: ~Copyable, SendableMetatype {
    /// Takes over `scale` times the parameters. A learner may hold on to the payload until it has given the gradient,
    /// and no longer: whoever writes the model then would have to copy it.
    mutating func load(_ model: Payload, scale: Float)

    /// The gradient of the next batch's mean loss at the loaded parameters, weight decay included. The vector moves in
    /// and comes back filled.
    mutating func gradient(into vector: consuming FlatVector) -> GradientResult

    /// Computes a pass up to its next stop, or to its end, where the network is divided; see `Effect.beginPass`. Blocks
    /// come from the pool. Several passes may be under way; one that begins again is forgotten.
    mutating func advance(_ request: PassRequest, _ pool: PayloadPool) -> PassResult

    /// Forgets a pass that is under way, if it is.
    mutating func drop(_ pass: Pass)

    /// The work of a request, as a share of that of a gradient of the whole network and batch.
    mutating func cost(of request: PassRequest) -> Double

    /// Multiplications in a gradient of the whole network and batch, about: by that it is decided whether another
    /// thread is to compute it. 0 where it is not worth that.
    var work: Double { mutating get }

    /// What it remembers from one gradient to the next: where it stands in its data, its random streams, statistics of
    /// its network. The loaded parameters are not part of it: no gradient is under way when it is asked.
    var state: StateDict { mutating get }

    /// Goes on from such a state. Throws where it is not one of this learner.
    mutating func restore(_ state: StateDict) throws(StateError)
}

/// Learners of whole networks know no passes.
extension Learner where Self: ~Copyable {
    public mutating func advance(_ request: PassRequest, _ pool: PayloadPool) -> PassResult {
        preconditionFailure("a learner of a whole network is asked for a pass")
    }

    public mutating func drop(_ pass: Pass) {}

    public mutating func cost(of request: PassRequest) -> Double { 0 }

    public var work: Double { 0 }
}
