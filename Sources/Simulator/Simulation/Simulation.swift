import Conditions
import Configuration
public import Gossip
public import Graphs
import Randomness
public import Runtime
public import Vectors

/// Many nodes in virtual time, one event after the other: the production interpreter and the production algorithms,
/// in a network, on machines and under faults that a seed decides.
///
/// After every event the promises are checked: conservation laws, numbers that are numbers, lock step. The first one
/// that breaks is kept with the events that led to it.
///
/// What every event touches is not checked for exclusive access at run time, which took a quarter of the time: one
/// thread runs a world, and no event is handled within another one.
public final class Simulation {
    /// Virtual time: that of the last event.
    @exclusivity(unchecked) public internal(set) var now = Time.zero
    /// The number of the last event.
    @exclusivity(unchecked) private var number: UInt64 = 0
    /// Promises that broke, in the order in which that showed; empty where all held.
    @exclusivity(unchecked) public internal(set) var violations: [Violation] = []
    /// What was seen so far.
    @exclusivity(unchecked) public internal(set) var statistics = SimulationStatistics()
    /// The world as it was given.
    public let settings: SimulationSettings

    /// The peer whose loss or model first was no number, and its step: nothing goes on from there. A learning rate that
    /// is too large does that, and breaks no promise. Nobody is told of where some peer is byzantine.
    @exclusivity(unchecked) public internal(set) var divergence: (peer: PeerID, step: UInt64)?

    /// Told of every peer after each of its events, with the gradient step that was over by it, if one was, by its
    /// number in the run: who joins those who wait for each other goes on with theirs.
    @exclusivity(unchecked) public var eventHandled: ((PeerID, _ step: UInt64?) -> Void)?

    /// Whether it is counted for whom peers wait.
    public var countsWaits = false

    let learners: Int
    let schedule: FaultSchedule
    let isFaulty: Bool
    let joiners: Set<PeerID>
    /// Whether peers that are not there yet still may join.
    public var isOpen = true
    /// Whether some peer is byzantine, so that others may well come to NaN.
    let hasByzantinePeers: Bool
    @exclusivity(unchecked) var random: RandomStream
    @exclusivity(unchecked) var queue = EventQueue()
    @exclusivity(unchecked) var links: Links
    @exclusivity(unchecked) var ledger = Ledger()
    @exclusivity(unchecked) var peers: [SimulatedPeer] = []
    @exclusivity(unchecked) private var addresses = PeerAddresses()
    /// Steps of each peer as they were last seen to grow: beside each other, to be compared.
    @exclusivity(unchecked) var stepsMade: [UInt64] = []
    /// The sessions of dead peers as they were at the end of each life: what they had handled and sent.
    var tombstones: [Tombstone: Session] = [:]
    /// The links, where the network is open.
    @exclusivity(unchecked) var openNetwork: OpenNetwork?
    /// What computes gradients before their time; nil where nobody does.
    let computeThreads: ComputeThreads?
    private let leastWork: Double
    private let outbox = Outbox()
    private let pool = PayloadPool()
    let recent = RecentEvents()

    /// A finished life of a peer.
    struct Tombstone: Hashable {
        let peer: PeerID
        let incarnation: UInt32
    }

    /// A world for `peers` learners, who are then added one by one, servers behind them.
    public init(peers: Int, _ settings: SimulationSettings, _ parallelism: Parallelism = Parallelism(threads: 1)) {
        learners = peers
        computeThreads = parallelism.threads > 1 ? ComputeThreads(count: parallelism.threads) : nil
        leastWork = parallelism.leastWork
        self.settings = settings
        schedule = FaultSchedule(settings.faults)
        isFaulty = !settings.faults.faults.isEmpty
        joiners = Set(settings.faults.joiners.keys)
        hasByzantinePeers = settings.faults.faults.contains { $0.kind == .byzantine }
        links = settings.network.links
        random = RandomStream(seed: settings.seed, purpose: .network)
        openNetwork = settings.open.map { OpenNetwork($0) }
    }

    /// Adds the next peer.
    ///
    /// - Parameters:
    ///   - scorer: What scores models for the algorithm; a score takes no virtual time.
    ///   - tracer: Watches the peer, by the world's clock.
    ///   - computeSeconds: The virtual duration of each of its gradients, the first being 0; by default that of the
    ///     world's machines.
    public func add(
        _ algorithm: any Algorithm, model: consuming FlatVector, learner: consuming sending any Learner & ~Copyable,
        localOptimizer: consuming any LocalOptimizer & ~Copyable, scorer: (any Scorer)? = nil,
        tracer: (any PeerTracer)? = nil,
        computeSeconds: ((UInt64) -> Double)? = nil, links: LinkSettings? = nil
    ) {
        let me = PeerID(peers.count)
        // On an open network a peer's own place is 0, and it knows others by their places alone.
        let place = openNetwork == nil ? me : 0
        let session = Session(
            me: place, retransmissionSeconds: settings.retransmissionSeconds(byteCount: model.count * 4),
            cost: settings.linkCost, isByLinks: openNetwork != nil)
        let computation = Computation(learner, pool: pool, count: model.count)
        var node = Node(
            algorithm, me: place, peers: openNetwork == nil ? learners : Setup.places, model: model,
            localOptimizer: localOptimizer,
            port: SimulatedPort(outbox, computation), session: session, pool: pool, links: links)
        node.observer = observer(of: me)
        node.scorer = scorer
        let (machines, seed) = (settings.machines, settings.seed)
        let seconds = computeSeconds ?? { step in machines.compute.seconds(peer: me, step: step, seed: seed) }
        stepsMade.append(0)
        let peer = SimulatedPeer(me: me, node: node, computation: computation, tracer: tracer, computeSeconds: seconds)
        peers.append(peer)
        addresses.append(peer)
    }

    /// Lets every algorithm begin.
    public func start() {
        for (index, event) in schedule.events.enumerated() { queue.insert(.fault(index), at: event.time) }
        for joiner in joiners { peers[joiner.rawValue].isAlive = false }
        if openNetwork != nil { startLinks() }
        // All shares are on the books before the first is given away.
        for peer in peers { ledger.update(peer.me, peer.node.algorithm.invariants) }
        for peer in peers where peer.isAlive && hasBegun(peer.me) { begin(peer) }
        guard settings.hasRestarts else { return }
        for peer in peers where peer.isAlive { checkpoint(peer) }
    }

    /// Lets a peer's algorithm begin.
    func begin(_ peer: SimulatedPeer) {
        peer.tracer?.lives()
        peer.tracer?.beginsHandling()
        peer.node.start(now: peer.clock(at: now))
        keepBook(of: peer, after: .wake)
        settle(peer)
        peer.tracer?.endsHandling(nil, then: peer.node.activity)
    }

    /// Handles the next event; false when nothing is left to happen.
    @discardableResult public func step() -> Bool {
        guard let next = queue.popNext() else { return false }
        if let upcoming = queue.nextTarget { addresses.prefetch(upcoming) }
        (now, number) = (next.time, next.number)
        if let target = next.simulationEvent.target {
            let peer = peers[target.rawValue]
            if let end = peer.pausedUntil, peer.isAlive {
                // What is sent again in the meantime waits once: more than its sender has under way never does.
                if case .frame(let frame) = next.simulationEvent, !peer.waiting.insert(FrameKey(frame)).inserted {
                    drop(frame)
                } else {
                    queue.insert(next.simulationEvent, at: end)
                }
                return true
            }
        }
        statistics.count(next.simulationEvent, at: now)
        carryOut(next.simulationEvent)
        return true
    }

    /// Handles all events up to that moment, or until nothing is left to happen, or a promise breaks.
    public func run(until end: Time = Time(nanoseconds: .max)) {
        while !isBroken, let next = queue.nextTime, next <= end, step() {}
    }

    /// Whether a promise is broken, or a peer has diverged.
    private var isBroken: Bool { !violations.isEmpty || divergence != nil }

    /// Handles up to so many events, and none that comes after that moment; true when the run is over: nothing is left
    /// to happen until the deadline, or something is broken.
    public func runOn(events count: Int, until moment: Time) -> Bool {
        let end = settings.deadline ?? Time(nanoseconds: .max)
        for _ in 0..<count {
            guard !isBroken, let next = queue.nextTime, next <= end else { return true }
            guard next <= moment else { return false }
            step()
        }
        return false
    }

    /// Whether all that happens up to that moment has happened.
    public func isPast(_ moment: Time) -> Bool { queue.nextTime.map { $0 > moment } ?? true }

    /// Tells the peers that the run is over, and checks what must hold when nothing is left to happen: every living
    /// peer has made its steps or said why not, and has let go of every payload.
    public func checkEnd() {
        guard !isBroken else { return }
        for peer in peers where peer.isAlive && hasBegun(peer.me) {
            if !peer.node.isFinished {
                let wait = queue.nextTime == nil ? "waits forever" : "is not done within \(now.seconds) s"
                violate("peer \(peer.me) \(wait): it stands at step \(peer.node.statistics.steps)")
                continue
            }
            peer.node.end(now: peer.clock(at: now))
            outbox.clear()
            if peer.node.abandonment == nil, peer.node.heldPayloadCount > 0 {
                violate("peer \(peer.me) has finished and holds \(peer.node.heldPayloadCount) payloads")
            }
        }
        checkReplicas()
    }

    /// Tells a peer something at that moment.
    public func schedule(_ inbound: Inbound, for peer: PeerID, at time: Time) {
        queue.insert(.notice(peer, inbound), at: time)
    }

    // MARK: Events

    private func carryOut(_ simulationEvent: SimulationEvent) {
        switch simulationEvent {
        case .frame(let frame) where openNetwork != nil: receiveOverLink(frame)
        case .frame(let frame):
            let peer = peers[frame.to.rawValue]
            guard peer.isAlive else { return drop(frame) }
            if frame.isMessage { statistics.delivered += 1 }
            tell(peer, .frame(frame))
        case .gradient(let target, let incarnation):
            let peer = peers[target.rawValue]
            guard peer.isAlive, peer.incarnation == incarnation else { return }
            let computed = computed(by: peer)
            if case .passAdvanced(let report) = computed { note(report, of: peer) }
            peer.count(computed)
            tell(peer, computed)
            switch computed {
            case .gradientReady(let report):
                checkNumbers(of: peer, loss: report.loss, step: peer.node.statistics.steps)
                checkStep(of: peer)
            case .passAdvanced(let report) where report.stop == nil:
                checkNumbers(of: peer, loss: report.gradient.loss, step: peer.node.statistics.steps + 1)
            default: break
            }
        case .timer(let target, let timer, let incarnation):
            let peer = peers[target.rawValue]
            guard peer.isAlive, peer.incarnation == incarnation else { return }
            if case .algorithm(let id) = timer { peer.timers[id] = nil }
            tell(peer, .timer(timer))
        case .notice(let target, let inbound):
            if peers[target.rawValue].isAlive { tell(peers[target.rawValue], inbound) }
        case .crash(let dead, let incarnation, let target):
            let peer = peers[target.rawValue]
            guard peer.isAlive, peer.node.session.hears(dead, incarnation: incarnation) else { return }
            account(dead, incarnation, for: peer)
            tell(peer, .peerLeft(dead))
        case .fault(let index):
            carryOut(schedule.events[index].kind)
        case .checkpoint(let target):
            if peers[target.rawValue].isAlive { checkpoint(peers[target.rawValue]) }
        case .link(let event, _): carryOut(event)
        case .cut: cutLinks()
        }
    }

    private func carryOut(_ fault: FaultEvent.Kind) {
        switch fault {
        case .crash(let peer): crash(peer)
        case .restart(let peer, let isTorn): restart(peer, isTorn: isTorn)
        case .join(let peer): join(peer)
        case .leave(let peer): leave(peer)
        case .clockJump(let peer, _):
            peers[peer.rawValue].clockOffset = schedule.clockOffset(peer: peer, at: now).nanoseconds
        case .pauseBegin(let peer, let end):
            peers[peer.rawValue].pausedUntil = end
            peers[peer.rawValue].tracer?.marks("pause")
            stallLinks(of: peer, until: end)
        case .pauseEnd(let peer):
            peers[peer.rawValue].pausedUntil = nil
            peers[peer.rawValue].waiting = []
            peers[peer.rawValue].tracer?.marks("end of pause")
            // Before it does anything else: what was due in the pause is saved now.
            peers[peer.rawValue].savedAt = max(peers[peer.rawValue].savedAt, now)
            dial(linksOf: peer)
        case .heal: healLinks()
        }
    }

    func tell(_ peer: SimulatedPeer, _ inbound: Inbound) {
        let steps = peer.node.statistics.steps
        peer.node.handle(inbound, now: peer.clock(at: now), tracer: peer.tracer)
        let stepsNow = peer.node.statistics.steps
        if stepsNow > steps {
            peer.lastStepAt = now
            stepsMade[peer.me.rawValue] = stepsNow
        }
        keepBook(of: peer, after: inbound)
        settle(peer)
        departIfDone(peer)
        peer.tracer?.endsHandling(inbound, then: peer.node.activity)
        if countsWaits { noteWait(of: peer, inbound) }
    }

    /// Notes how long the peer has waited for a message by which it goes on computing.
    private func noteWait(of peer: SimulatedPeer, _ inbound: Inbound) {
        switch peer.node.activity {
        case .waiting: peer.waitingSince = peer.waitingSince ?? now
        case .computing, .finished:
            if let since = peer.waitingSince, case .frame(let frame) = inbound {
                peer.waits[frame.from, default: 0] += now - since
            }
            peer.waitingSince = nil
        }
    }

    /// Carries out what a node asked for and draws up the balance after its event.
    func settle(_ peer: SimulatedPeer) {
        drain(peer)
        ledger.carry(peer.node.carried)
        peer.node.carried = 0
        ledger.update(peer.me, peer.node.algorithm.invariants)
        if let violation = ledger.violation ?? (openNetwork == nil ? nil : ledger.excess) { violate(violation) }
        guard let eventHandled else { return }
        let over = peer.node.stepsOver
        eventHandled(peer.me, over > peer.stepsOver ? over + peer.node.algorithm.stepsMissed : nil)
        peer.stepsOver = over
    }

    private func drain(_ peer: SimulatedPeer) {
        for frame in outbox.frames {
            let frame = openNetwork?.addressed(frame, by: peer.me) ?? frame
            peer.tracer?.sent(frame)
            transmit(frame)
        }
        for (timer, time) in outbox.timers { setTimer(timer, of: peer, at: max(peer.moment(of: time), now)) }
        if outbox.isAsked { scheduleComputation(of: peer) }
        outbox.clear()
    }

    func setTimer(_ timer: NodeTimer, of peer: SimulatedPeer, at time: Time) {
        if case .algorithm(let id) = timer { peer.timers[id] = time }
        queue.insert(.timer(peer.me, timer, incarnation: peer.incarnation), at: time)
    }

    /// Has the gradient, or the stretch of a pass, that the peer has asked for come when it will have taken its time.
    func scheduleComputation(of peer: SimulatedPeer) {
        let factor = isFaulty ? schedule.slowFactor(peer: peer.me, at: now) : 1
        let facts = peer.computation.facts
        let seconds = factor * facts.cost * peer.computeSeconds(peer.node.statistics.steps)
        let end = now + seconds
        peer.computingTime = peer.computingTime + (end - now)
        peer.computingSince = now
        queue.insert(.gradient(peer.me, incarnation: peer.incarnation), at: end)
        peer.tracer?.computes(facts.pass, from: now, to: end)
        guard let computeThreads else { return }
        peer.isComputedAhead = facts.work >= leastWork
        guard peer.isComputedAhead else { return }
        computeThreads.add(peer.computation, neededAt: end, number: queue.insertions)
    }

    /// What the peer has asked to have computed, and whose time has come.
    private func computed(by peer: SimulatedPeer) -> Inbound {
        guard peer.isComputedAhead, let computeThreads else { return peer.computation.take().result }
        return computeThreads.take(peer.computation, at: now, number: number)
    }

    /// Gives up what a peer that has died had asked to have computed.
    func abandonComputation(of peer: SimulatedPeer) {
        if peer.computation.abandon() { computeThreads?.release(peer.computation) }
    }

    private func note(_ report: PassReport, of peer: SimulatedPeer) {
        let isBeginning = peer.computation.facts.isBeginning
        var timeline = peer.timeline ?? PassTimeline(peers: peers.count)
        timeline.note(
            report, isBeginning: isBeginning, begin: peer.computingSince.seconds, end: now.seconds,
            step: peer.node.statistics.steps)
        peer.timeline = timeline
    }

    func checkpoint(_ peer: SimulatedPeer) {
        peer.checkpoints = Array((peer.checkpoints + [peer.saved()]).suffix(2))
        peer.savedAt = now
        scheduleCheckpoint(of: peer)
    }

    /// Has a peer saved after the next interval, unless it has nothing to do any more.
    func scheduleCheckpoint(of peer: SimulatedPeer) {
        guard !peer.node.isFinished else { return }
        queue.insert(.checkpoint(peer.me), at: now + settings.machines.checkpointSeconds)
    }
}
