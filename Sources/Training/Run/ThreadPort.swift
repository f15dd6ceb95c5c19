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
    private let cut: Cut
    private(set) var timers: [PeerState.Timer]

    init(
        transport: consuming InProcessTransport, compute: ComputeThread<Learning>, traffic: Traffic, cut: Cut,
        timers: [PeerState.Timer] = []
    ) {
        self.transport = transport
        self.compute = compute
        self.traffic = traffic
        self.cut = cut
        self.timers = timers
    }

    func send(_ frame: Frame) {
        traffic.began()
        transport.send(frame)
    }

    mutating func setTimer(_ timer: NodeTimer, at time: Time) {
        timers.append(PeerState.Timer(timer: timer, time: time))
    }

    func beginGradient(at model: Payload, scale: Float, reusing spent: consuming FlatVector?) {
        traffic.began()
        compute.begin(at: model, scale: scale, reusing: spent)
    }

    func takeGradient() -> FlatVector { compute.takeGradient() }

    /// The next arrival or timer, waited for. Timers wait while the run comes to rest.
    mutating func next(clock: RunClock) -> Inbound {
        while true {
            let first = cut.isRequested ? nil : timers.indices.min { timers[$0].time < timers[$1].time }
            if let first, timers[first].time <= clock.now {
                // Counted before the run is asked again, so that it never seems quiet with a timer about to be handled.
                traffic.began()
                if !cut.isRequested { return .timer(timers.remove(at: first).timer) }
                traffic.ended()
            }
            if let inbound = transport.receive(until: first.map { timers[$0].time }) { return inbound }
        }
    }
}

/// Counts what is under way over all peers: frames, gradients and timers not yet handled, and beginnings. When all
/// peers have finished, or hold back their gradients, and nothing is under way, nothing can happen any more: handling
/// something counts what it brings about before it counts as handled itself.
final class Traffic: Sendable {
    private let unhandled = Atomic(0)

    func began() { unhandled.add(1, ordering: .sequentiallyConsistent) }
    func ended() { unhandled.subtract(1, ordering: .sequentiallyConsistent) }
    var isQuiet: Bool { unhandled.load(ordering: .sequentiallyConsistent) == 0 }
}
