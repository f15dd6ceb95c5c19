import Gossip
import Graphs
import Runtime
import Vectors

/// What a node asks of a caller that computes gradients on a thread of its own.
final class BridgePort: Port {
    /// A timer of the node, and when it is due.
    struct Timer {
        let timer: NodeTimer
        let time: Time
    }

    private let tensors: CallerTensors
    private let readsGradient: Bool
    private let ways: any PeerWays
    /// Those that are not due.
    var timers: [Timer] = []
    /// Where a gradient is wanted.
    enum Point {
        /// At so many times a model.
        case model(Payload, scale: Float)
        /// At what lies in the caller's tensors, which is the model.
        case outside
    }

    /// The point at which a gradient is wanted, until the caller is told.
    private(set) var wanted: Point?
    private var spent: FlatVector?

    init(_ tensors: CallerTensors, readsGradient: Bool, ways: any PeerWays) {
        self.tensors = tensors
        self.readsGradient = readsGradient
        self.ways = ways
    }

    func send(_ frame: Frame) { ways.send(frame) }

    func setTimer(_ timer: NodeTimer, at time: Time) { timers.append(Timer(timer: timer, time: time)) }

    func beginGradient(at model: Payload, scale: Float, reusing spent: consuming FlatVector?) {
        self.spent = spent
        wanted = .model(model, scale: scale)
    }

    func beginGradientOutside(reusing spent: consuming FlatVector?) {
        self.spent = spent
        wanted = .outside
    }

    /// The point at which a gradient is wanted and of which the caller is told now; nil where none is.
    func takeWanted() -> Point? { wanted.take() }

    /// The gradient is the caller's, and read where the algorithm reads it.
    func takeGradient() -> FlatVector {
        var gradient = spent.take() ?? FlatVector(count: tensors.count)
        if readsGradient { tensors.readGradient(into: &gradient) }
        return gradient
    }

    func greet(_ peer: PeerID, connection: UInt64, with greeting: LinkSession.Greeting) {
        ways.greet(peer, connection: connection, with: greeting)
    }

    /// The next timer that is due, removed; nil where none is.
    func takeTimer(now: Time) -> NodeTimer? {
        guard let first = timers.indices.min(by: { timers[$0].time < timers[$1].time }), timers[first].time <= now
        else { return nil }
        return timers.remove(at: first).timer
    }
}
