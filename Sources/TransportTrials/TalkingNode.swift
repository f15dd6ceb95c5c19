public import Gossip
public import InProcessTransport
public import Runtime
import Vectors

/// A node that computes no gradients, on the thread that runs it: what a transport is tried and measured with.
public enum TalkingNode {
    /// Runs the algorithm until it has finished, and returns it as it then is.
    public static func run(
        _ algorithm: any Algorithm, peers: Int, vector: [Float], over transport: consuming InProcessTransport,
        scorer: (any Scorer)? = nil, clock: () -> Time
    ) -> any Algorithm {
        let me = transport.me
        var node = Node(
            algorithm, me: me, peers: peers, model: FlatVector(vector), stepper: NoSteps(),
            port: TalkingPort(transport: transport), session: Session(me: me, retransmissionSeconds: nil),
            pool: PayloadPool())
        node.scorer = scorer
        node.start(now: clock())
        while !node.isFinished {
            if let inbound = node.port.transport.receive(until: nil) { node.handle(inbound, now: clock()) }
        }
        return node.algorithm
    }
}

/// Frames go to the transport; there is nothing else to ask for.
struct TalkingPort: Port, ~Copyable {
    let transport: InProcessTransport

    func send(_ frame: Frame) { transport.send(frame) }
    func setTimer(_ timer: NodeTimer, at time: Time) { preconditionFailure("a talk sets no timers") }
    func beginGradient(at model: Payload, scale: Float, reusing spent: consuming FlatVector?) {
        preconditionFailure("a talk computes no gradients")
    }
    func takeGradient() -> FlatVector { preconditionFailure("a talk computes no gradients") }
}

/// No optimizer.
public struct NoSteps: Stepper, ~Copyable {
    public init() {}
    public func begin(step: UInt64) -> Float { 0 }
    public func update(_ model: inout MutableSpan<Float>, along gradient: Span<Float>) {}
    public func direction(
        at model: Span<Float>, along gradient: Span<Float>, into target: inout MutableSpan<Float>
    ) {}
    public func reset() {}
    public var state: Numbers { Numbers() }
    public func restore(_ state: Numbers) throws(StateError) {}
}
