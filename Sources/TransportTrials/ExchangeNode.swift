public import Gossip
public import InProcessTransport
public import Runtime
import Vectors

/// A node that computes no gradients, on the thread that runs it: what a transport is tried and measured with.
public enum ExchangeNode {
    /// Runs the algorithm until it has finished, and returns it as it then is.
    public static func run(
        _ algorithm: any Algorithm, peers: Int, vector: [Float], over transport: consuming InProcessTransport,
        scorer: (any Scorer)? = nil, clock: () -> Time
    ) -> any Algorithm {
        let me = transport.me
        let port = ExchangePort(transport)
        var node = Node(
            algorithm, me: me, peers: peers, model: FlatVector(vector), localOptimizer: NoSteps(),
            port: port, session: Session(me: me, retransmissionSeconds: nil),
            pool: PayloadPool())
        node.scorer = scorer
        node.start(now: clock())
        while !node.isFinished {
            if let inbound = port.transport.receive(until: nil) { node.handle(inbound, now: clock()) }
        }
        node.end(now: clock())
        return node.algorithm
    }
}
