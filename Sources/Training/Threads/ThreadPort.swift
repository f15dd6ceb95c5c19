import Checkpoints
import Gossip
import Graphs
import InProcessTransport
import Runs
import Runtime
import Vectors

/// What a node on threads asks of its environment: its transport, its compute thread, and timers that its own loop
/// keeps. It also stands between a node and what it must not hear while it is paused.
final class ThreadPort: Port {
    private let me: PeerID
    private var transport: any Transport & ~Copyable
    let compute: ComputeThread
    let traffic: Traffic
    private let cut: ConsistentCut
    private let faults: RunFaults?
    private let averages: RankAverages?
    private let waitingCount: WaitingCount?
    /// The links of an open network; nil where there are none.
    private let network: (any LinkNetwork)?
    /// Watches the peer; nil where nobody does.
    let tracer: (any PeerTracer)?
    /// Whether its tracer knows of the pause that it is in.
    private var isPauseMarked = false
    /// Whether a gradient is under way, or not yet taken; or a pass is, and not yet told.
    private var isComputing = false
    private let waker: Waker
    private(set) var timers: [PeerState.Timer]
    /// What came during a pause.
    private var waiting: ArraySlice<Inbound> = []

    init(
        transport: consuming InProcessTransport, compute: ComputeThread, traffic: Traffic, cut: ConsistentCut,
        faults: RunFaults? = nil, averages: RankAverages? = nil, waitingCount: WaitingCount? = nil,
        network: (any LinkNetwork)? = nil,
        timers: [PeerState.Timer] = [], tracer: PeerTrace? = nil, drop: @escaping @Sendable (Frame) -> Void = { _ in }
    ) {
        self.tracer = tracer
        me = transport.me
        waker = transport.waker
        self.faults = faults
        self.averages = averages
        self.waitingCount = waitingCount
        self.network = network
        if let faults {
            self.transport = faults.transport(transport, traffic, drop: drop) as any Transport & ~Copyable
        } else {
            self.transport = transport as any Transport & ~Copyable
        }
        self.compute = compute
        self.traffic = traffic
        self.cut = cut
        self.timers = timers
    }

    func send(_ frame: Frame) {
        traffic.began()
        tracer?.sent(frame)
        transport.send(frame)
    }

    func setTimer(_ timer: NodeTimer, at time: Time) {
        timers.append(PeerState.Timer(timer: timer, time: time))
    }

    func beginGradient(at model: Payload, scale: Float, reusing spent: consuming FlatVector?) {
        traffic.began()
        isComputing = true
        compute.begin(at: model, scale: scale, reusing: spent)
    }

    func takeGradient() -> FlatVector {
        isComputing = false
        return compute.takeGradient()
    }

    func beginPass(_ request: PassRequest) {
        traffic.began()
        isComputing = true
        compute.begin(request)
    }

    func drop(_ pass: Pass) { compute.drop(pass) }

    var takesAverages: Bool { averages != nil }

    func beginAverage(of vector: Payload) {
        averages?.handIn(vector, of: me, waker: waker)
    }

    func greet(_ peer: PeerID, connection: UInt64, with greeting: LinkSession.Greeting) {
        network?.greet(peer, connection: connection, with: greeting)
    }

    /// Whether the peer is to do nothing now.
    var isPaused: Bool { faults?.pauseEnd(of: me) != nil }

    /// The next arrival or timer, waited for; nil when the peer dies. Timers wait while the run comes to rest, and
    /// everything waits while the peer is paused.
    func next(clock: RunClock) -> Inbound? {
        while true {
            var limit: Time?
            if let faults {
                if faults.isDead(me) { return nil }
                let end = faults.pauseEnd(of: me)
                markPause(end != nil)
                if let end {
                    guard let inbound = transport.receive(until: end) else { continue }
                    if case .wake = inbound { return inbound }
                    waiting.append(inbound)
                    continue
                }
                if let inbound = waiting.popFirst() { return inbound }
                limit = faults.nextMoment(of: me)
            }
            let first = cut.isRequested ? nil : timers.indices.min { timers[$0].time < timers[$1].time }
            if let first, timers[first].time <= clock.now {
                // Counted before the run is asked again, so that it never seems quiet with a timer about to be handled.
                traffic.began()
                if !cut.isRequested { return .timer(timers.remove(at: first).timer) }
                traffic.ended()
            }
            if let first { limit = min(limit ?? timers[first].time, timers[first].time) }
            if let inbound = receive(until: limit) { return inbound }
        }
    }

    private func markPause(_ isPaused: Bool) {
        guard isPaused != isPauseMarked else { return }
        isPauseMarked = isPaused
        tracer?.marks(isPaused ? "pause" : "end of pause")
    }

    /// What arrives next, waited for; who computes nothing meanwhile waits as an idler.
    private func receive(until limit: Time?) -> Inbound? {
        guard let waitingCount, !isComputing else {
            let inbound = transport.receive(until: limit)
            if case .passAdvanced = inbound { isComputing = false }
            return inbound
        }
        if let inbound = transport.receive(until: .zero) { return inbound }
        waitingCount.enter()
        defer { waitingCount.leave() }
        return transport.receive(until: limit)
    }

    /// The next arrival at a peer that is dead, waited for until that moment; nil when it came first. Frames that it
    /// had sent still go on their way.
    func nextOfTheDead(until moment: Time?) -> Inbound? {
        waiting.popFirst() ?? transport.receive(until: moment)
    }
}
