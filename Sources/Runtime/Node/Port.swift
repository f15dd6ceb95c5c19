public import Gossip
public import Graphs
public import Vectors

/// What a node may ask of its environment. A port only takes note: it never calls back into the node that uses it.
/// Whoever drives the node keeps its port, for what only the two of them know.
public protocol Port: AnyObject {
    func send(_ frame: Frame)

    /// Asks for `Inbound.timer` at that moment.
    func setTimer(_ timer: NodeTimer, at time: Time)

    /// Has a gradient computed at `scale` times the model, answered by `Inbound.gradientReady`. The model stays as it
    /// is now while anybody holds it; who lets go of it at once spares the node the copy of its next write.
    ///
    /// `spent` is the block of the gradient before, for this one or any other; nil where there is none.
    func beginGradient(at model: Payload, scale: Float, reusing spent: consuming FlatVector?)

    /// The same at the model that was left outside, where it lies already.
    func beginGradientOutside(reusing spent: consuming FlatVector?)

    /// Takes the vector of the gradient that was announced.
    func takeGradient() -> FlatVector

    /// Has a pass computed on, answered by `Inbound.passAdvanced`; where that tells of its end, the gradient can be
    /// taken.
    func beginPass(_ request: PassRequest)

    /// Has a pass forgotten that is under way and not being computed.
    func drop(_ pass: Pass)

    /// Whether the environment takes exact averages by means of their own; else the learners pass pieces around a ring.
    var takesAverages: Bool { get }

    /// Has the exact average taken over all learners of what each hands in, answered by `Inbound.averaged`.
    func beginAverage(of vector: Payload)

    /// Says to a peer how far this one had come in the sessions before, as `Inbound.greetingWanted` asked.
    func greet(_ peer: PeerID, connection: UInt64, with greeting: LinkSession.Greeting)
}

extension Port {
    public func beginGradientOutside(reusing spent: consuming FlatVector?) {
        preconditionFailure("this environment has no model")
    }

    public func beginPass(_ request: PassRequest) {
        preconditionFailure("this environment computes no passes")
    }

    public func drop(_ pass: Pass) {}

    public var takesAverages: Bool { false }

    public func beginAverage(of vector: Payload) {
        preconditionFailure("this environment take no averages")
    }

    public func greet(_ peer: PeerID, connection: UInt64, with greeting: LinkSession.Greeting) {
        preconditionFailure("this environment has no links, and peer \(peer) is to be greeted")
    }
}
