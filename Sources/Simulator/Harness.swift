public import Gossip
import HeapModule
import Randomness
public import Runtime
public import Vectors

/// Many nodes on one thread in virtual time: the production interpreter and the production algorithms, with a network
/// and compute times that a seed decides. Ties in time are broken by insertion number, so a seed fixes everything.
///
/// After every event the conservation laws of all algorithms are checked: what peers hold, what undelivered messages
/// carry and what died with crashed peers must add up.
public final class Harness<Learning: Learner & ~Copyable, Steps: Stepper & ~Copyable> {
    typealias Simulated = SimulatedPeer<Learning, Steps>

    public internal(set) var now = Time.zero
    /// Broken laws, each with the moment; empty when all is well.
    public internal(set) var violations: [String] = []
    /// Arrivals handled so far.
    public internal(set) var events = 0
    /// A number that two runs share when they handled the same arrivals at the same times: 64-bit FNV-1a over time,
    /// number and receiver of each.
    public internal(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    /// Mass that died with crashed peers.
    public internal(set) var lostMass = 0.0

    private let learners: Int
    private let network: HarnessNetwork
    var random: RandomStream
    var queue = Heap<Scheduled>()
    var insertions: UInt64 = 0
    var peers: [Simulated] = []
    private let pool = PayloadPool()

    /// A harness for `peers` learners, who are then added one by one; servers are added behind them.
    public init(peers: Int, network: HarnessNetwork = HarnessNetwork(), seed: UInt64 = 1) {
        learners = peers
        self.network = network
        random = RandomStream(seed: seed, purpose: .network)
    }

    /// Adds the next peer; `computeSeconds` gives the virtual duration of each of its gradients, the first being 0.
    public func add(
        _ algorithm: any Algorithm, model: consuming FlatVector, learner: consuming Learning,
        stepper: consuming Steps,
        computeSeconds: @escaping (UInt64) -> Double
    ) {
        let me = PeerID(peers.count)
        let session = Session(me: me, retransmissionSeconds: network.retransmissionSeconds)
        let outbox = Outbox(learner: learner)
        let node = Node(
            algorithm, me: me, peers: learners, model: model, stepper: stepper, port: HarnessPort(outbox: outbox),
            session: session,
            pool: pool)
        peers.append(Simulated(node: node, outbox: outbox, computeSeconds: computeSeconds))
    }

    /// Lets every algorithm begin.
    public func start() {
        for peer in peers {
            peer.node.start(now: now)
            drain(peer)
        }
        check()
    }

    /// Handles the next arrival; false when nothing is left to happen.
    public func step() -> Bool {
        guard let next = queue.popMin() else { return false }
        now = next.time
        let peer = peers[next.target.rawValue]
        guard peer.isAlive else { return true }
        if case .peerLeft(let gone) = next.inbound { forgetUnheard(from: gone, by: next.target) }
        peer.node.handle(next.inbound, now: now)
        events += 1
        for word in [UInt64(bitPattern: now.nanoseconds), next.number, UInt64(next.target.rawValue)] {
            digest = (digest ^ word) &* 0x0000_0100_0000_01b3
        }
        drain(peer)
        check()
        return true
    }

    /// Handles all arrivals up to that moment, or until nothing is left to happen.
    public func run(until end: Time = Time(nanoseconds: .max)) {
        while let next = queue.min, next.time <= end, step() {}
    }

    /// Puts something into a peer's ear at that moment.
    public func schedule(_ inbound: Inbound, for peer: PeerID, at time: Time) {
        insertions += 1
        queue.insert(Scheduled(time: time, number: insertions, target: peer, inbound: inbound))
    }

    /// Kills a peer now: what it held is lost, the network forgets its frames, and the others learn of it `detection`
    /// seconds later.
    public func crash(_ dead: PeerID, detection: Double) {
        let victim = peers[dead.rawValue]
        lostMass += heldMass(of: victim)
        for other in peers where other.isAlive && other !== victim {
            // Handled by the dead peer, but its sender never heard so and will get it back.
            let handled = victim.node.session.handled(from: other.node.me)
            let all = other.node.session.unacknowledgedNotes(to: dead)
            let unhandled = other.node.session.unacknowledgedNotes(to: dead, after: handled)
            lostMass -= mass(all) - mass(unhandled)
            schedule(.peerLeft(dead), for: other.node.me, at: now + detection)
        }
        victim.isAlive = false
        queue = Heap(queue.unordered.filter { !$0.isFrame(touching: dead) })
        check()
    }

    // MARK: What peers look like

    public var peerCount: Int { peers.count }

    /// The values of one of a peer's vectors.
    public func values(of vector: Vector, peer: PeerID) -> [Float] { peers[peer.rawValue].node.values(of: vector) }

    public func algorithm(of peer: PeerID) -> any Algorithm { peers[peer.rawValue].node.algorithm }
    public func statistics(of peer: PeerID) -> NodeStatistics { peers[peer.rawValue].node.statistics }
    public func isFinished(_ peer: PeerID) -> Bool { peers[peer.rawValue].node.isFinished }
    /// Why a peer gave up, if it did.
    public func abandonment(of peer: PeerID) -> String? { peers[peer.rawValue].node.abandonment }
    public func heldPayloadCount(of peer: PeerID) -> Int {
        peers[peer.rawValue].node.heldPayloadCount
    }
    /// Messages neither handled nor returned, over all pairs of living peers.
    public var undeliveredCount: Int { undelivered().count }

    // MARK: The world

    private func drain(_ peer: Simulated) {
        for frame in peer.outbox.takeFrames() { transmit(frame) }
        for (timer, time) in peer.outbox.takeTimers() {
            schedule(.timer(timer), for: peer.node.me, at: max(time, now))
        }
        if peer.outbox.takeGradientRequest() {
            let seconds = peer.computeSeconds(peer.node.statistics.steps)
            // Computed at once from what the learner has loaded, and told when its virtual time has come.
            let report = peer.outbox.computeGradient()
            schedule(.gradientReady(report), for: peer.node.me, at: now + seconds)
        }
    }

    private func transmit(_ frame: Frame) {
        guard peers[frame.to.rawValue].isAlive else { return }
        if random.bernoulli(network.loss) { return }
        let copies = random.bernoulli(network.duplication) ? 2 : 1
        for _ in 0..<copies {
            let delay = network.latencySeconds + random.uniform(from: 0, to: network.jitterSeconds)
            schedule(.frame(frame), for: frame.to, at: now + delay)
        }
    }

    // MARK: Laws

    private func check() {
        let living = peers.filter(\.isAlive)
        var sums: [String: (held: Double, law: Law)] = [:]
        for peer in living {
            for law in peer.node.algorithm.laws { sums[law.name, default: (0, law)].held += law.held }
        }
        for (name, sum) in sums.sorted(by: { $0.key < $1.key }) {
            let elsewhere = name == Law.mass ? mass(undelivered()) + lostMass : 0
            let total = sum.held + elsewhere
            guard abs(total - sum.law.total) > sum.law.tolerance else { continue }
            violations.append(
                "\(now.seconds) s, event \(events): \(name) is \(total), not \(sum.law.total)")
        }
    }

    private func heldMass(of peer: Simulated) -> Double {
        peer.node.algorithm.laws.filter { $0.name == Law.mass }.map(\.held).reduce(0, +)
    }

    private func mass(_ notes: [Note]) -> Double { notes.map(\.weight).reduce(0, +) }

    /// What living senders have sent and no living receiver has handled. What a dead peer sent is in flight until the
    /// receiver hears of the death; what was sent to one, until the sender does.
    private func undelivered() -> [Note] {
        peers.flatMap { sender in
            peers.filter { $0 !== sender && ($0.isAlive || sender.isAlive) }.flatMap { receiver in
                let handled = receiver.isAlive ? receiver.node.session.handled(from: sender.node.me) : 0
                return sender.isAlive || !receiver.hasForgotten.contains(sender.node.me)
                    ? sender.node.session.unacknowledgedNotes(to: receiver.node.me, after: handled) : []
            }
        }
    }

    private func forgetUnheard(from dead: PeerID, by survivor: PeerID) {
        let receiver = peers[survivor.rawValue]
        let handled = receiver.node.session.handled(from: dead)
        lostMass += mass(
            peers[dead.rawValue].node.session.unacknowledgedNotes(to: survivor, after: handled))
        receiver.hasForgotten.insert(dead)
    }
}
