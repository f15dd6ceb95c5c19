import Gossip
import InProcessTransport
import Runtime
import Synchronization
import Vectors

/// What a node on threads asks of its surroundings: its transport, its compute thread, and timers that its own loop
/// keeps.
struct ThreadPort<Learning: Learner & ~Copyable>: Port, ~Copyable {
    let transport: InProcessTransport
    let compute: ComputeThread<Learning>
    let traffic: Traffic
    private var timers: [(timer: NodeTimer, time: Time)] = []

    init(transport: consuming InProcessTransport, compute: ComputeThread<Learning>, traffic: Traffic) {
        self.transport = transport
        self.compute = compute
        self.traffic = traffic
    }

    func send(_ frame: Frame) {
        traffic.sent()
        transport.send(frame)
    }

    mutating func setTimer(_ timer: NodeTimer, at time: Time) { timers.append((timer, time)) }

    func beginGradient(at model: Span<Float>, scale: Float, into vector: consuming FlatVector) {
        compute.begin(at: model, scale: scale, into: vector)
    }

    func takeGradient() -> FlatVector { compute.takeGradient() }

    /// The next arrival or timer, waited for.
    mutating func next(clock: RunClock) -> Inbound {
        while true {
            let first = timers.indices.min { timers[$0].time < timers[$1].time }
            if let first, timers[first].time <= clock.now { return .timer(timers.remove(at: first).timer) }
            if let inbound = transport.receive(until: first.map { timers[$0].time }) { return inbound }
        }
    }
}

/// Counts frames that are sent and not yet handled, over all peers. When all peers have finished and none is under way,
/// nothing can happen any more: handling a frame counts what it sends before it counts as handled itself.
final class Traffic: Sendable {
    private let unhandled = Atomic(0)

    func sent() { unhandled.add(1, ordering: .sequentiallyConsistent) }
    func handled() { unhandled.subtract(1, ordering: .sequentiallyConsistent) }
    var isQuiet: Bool { unhandled.load(ordering: .sequentiallyConsistent) == 0 }
}
