import Configuration
import Dispatch
import Foundation
import Gossip
import Graphs
import Runtime
import Synchronization
import TestKit
import Vectors

@testable import OpenTransport

/// A peer that learns two numbers by GoSGD: the node that every host runs, behind an engine of its own.
final class LearningPeer: Sendable {
    /// What it does with the gradients that its node asks for.
    enum Pace: Sendable { case learning, mixing, resting }

    private struct State {
        var pace = Pace.learning
        /// The founder begins at once, others by their first link.
        var hasBegun: Bool
        var isLeaving = false
        var hasLeft = false
        var isFrozen = false
        var linked: [PeerID: KeyID] = [:]
        /// All whom it ever had a link with, and those of them with whom it is to have none.
        var known: [PeerID: KeyID] = [:]
        var shunned: Set<KeyID> = []
        /// Connections to these, which wait for a greeting.
        var waiting: [(place: PeerID, connection: UInt64)] = []
    }

    /// The node and its port, which whoever holds the lock may use.
    struct Core: ~Copyable {
        var node: Node
        let port: LearningPort
    }

    let id: KeyID
    let port: UInt16
    private let wire: LearningPort.Wire
    private let core: Mutex<Core>
    private let state: Mutex<State>
    private let queue: DispatchQueue
    private let clock: LinkClock
    /// Held while the engine's thread is to stand still.
    private let breath: DispatchSemaphore
    /// How long a gradient takes.
    private static let gradientMilliseconds = 50

    /// - Parameter target: where its own objective is least.
    init(
        _ identity: OpenIdentity, isFounder: Bool, target: [Float], seeds: [UInt16] = [],
        clock: TestClock, limits: EngineLimits, change: (inout OpenSettings) -> Void = { _ in }
    ) throws {
        var settings = OpenSettings(listen: Seed(listening: "127.0.0.1:0"))
        settings.seeds = seeds.compactMap { Seed("127.0.0.1:\($0)") }
        change(&settings)
        let (wire, queue) = (LearningPort.Wire(), DispatchQueue(label: "node"))
        let (breath, open) = (DispatchSemaphore(value: 1), clock.open)
        (self.wire, self.queue, self.breath, self.clock) = (wire, queue, breath, open)
        let key = UInt64(identity.key.seed[0])
        let setup = try Setup(
            me: 0, peers: 1, seed: 1, graph: try Graph("complete", peers: 1), samples: 1, stepsPerEpoch: 1,
            steps: 1_000_000
        ).open(key: key, isFounder: isFounder)
        let algorithm = try GoSGD(setup, options: Options(["probability": .number(0.5)]))
        let learning = LearningPort(wire: wire, learner: QuadraticLearner(target: target))
        var node = Node(
            algorithm, me: 0, peers: Setup.places, model: FlatVector([Float](repeating: 0, count: target.count)),
            localOptimizer: PlainOptimizer(rate: 0.1), port: learning,
            session: Session(me: 0, retransmissionSeconds: nil, isByLinks: true), pool: PayloadPool())
        node.observer = MessageLog()
        core = Mutex(Core(node: node, port: learning))
        state = Mutex(State(hasBegun: isFounder))
        // Whoever hears it first waits until all is there.
        queue.suspend()
        defer { queue.resume() }
        let box = Box()
        let engine = try OpenEngine(
            settings, identity, TestPeer.run(parameterCount: target.count),
            clock: LinkClock(
                nanoseconds: {
                    breath.wait()
                    breath.signal()
                    return open.nanoseconds()
                }, unixSeconds: open.unixSeconds),
            seed: key, limits: limits
        ) { event in queue.async { box.peer.withLock { $0.value }?.handle(event) } }
        id = engine.id
        port = engine.port ?? 0
        wire.engine.withLock { $0 = engine }
        box.peer.withLock { $0.value = self }
        if isFounder { queue.async { [self] in turn { $0.node.start(now: now) } } }
    }

    private final class Box: Sendable {
        struct Reference { weak var value: LearningPeer? }
        let peer = Mutex(Reference())
    }

    private var now: Time { Time(nanoseconds: clock.nanoseconds()) }

    // MARK: The node

    private func handle(_ event: OpenEvent) {
        switch event {
        case .greetingWanted(let place, let connection):
            let isShunned = state.withLock { state in
                guard let member = state.known[place], state.shunned.contains(member) else { return false }
                state.waiting.append((place, connection))
                return true
            }
            if !isShunned { pass(.greetingWanted(place, connection: connection)) }
        case .opened(let place, let greeting, let peer):
            let isFirst = state.withLock { state in
                (state.linked[place], state.known[place]) = (peer.id, peer.id)
                defer { state.hasBegun = true }
                return !state.hasBegun
            }
            turn { core in
                (core.node.observer as? MessageLog)?.open(place, peer.id)
                core.node.handle(.linkUp(place, greeting), now: now)
                if isFirst { core.node.start(now: now) }
            }
        case .frame(let frame):
            turn { core in
                core.node.handle(.frame(frame), now: now)
                (core.node.observer as? MessageLog)?.note(frame, handledCount: core.node.statistics.messagesReceived)
            }
        case .closed(let place, _):
            state.withLock { $0.linked[place] = nil }
            pass(.linkDown(place))
        case .doubtOver(let place): pass(.doubtOver(place))
        case .forgotten(let place): pass(.forgotten(place))
        case .experiment, .revoked, .notice: break
        }
    }

    private func pass(_ inbound: Inbound) { turn { $0.node.handle(inbound, now: now) } }

    /// Does something with the node, of a peer that is there, and then what follows from it.
    private func turn(_ body: @Sendable (inout Core) -> Void) {
        guard wire.engine.withLock({ $0 != nil }) else { return }
        let (isAsked, isDone) = core.withLock { core in
            let askedBefore = core.port.askedCount
            body(&core)
            let isDone =
                core.node.isFinished && core.node.session.unacknowledgedCount == 0 && Self.held(core.node) <= 0
            return (core.port.askedCount > askedBefore, isDone)
        }
        if isAsked { askLater() }
        if isDone, state.withLock({ $0.isLeaving }) { depart() }
    }

    private func askLater() {
        queue.asyncAfter(deadline: .now() + .milliseconds(Self.gradientMilliseconds)) { [weak self] in
            guard let self else { return }
            let pace = state.withLock { $0.pace }
            guard pace != .resting else { return }
            turn { core in
                guard let report = core.port.compute(learns: pace == .learning) else { return }
                core.node.handle(.gradientReady(report), now: now)
            }
        }
    }

    private func depart() {
        guard let engine = wire.engine.withLock({ $0.take() }) else { return }
        // It takes leave on a thread of its own: others' nodes wait for this one.
        Thread.detachNewThread { [self] in
            engine.stop(isFinished: false)
            state.withLock { $0.hasLeft = true }
        }
    }

    private static func held(_ node: borrowing Node) -> Double {
        node.algorithm.invariants.reduce(0) { $0 + $1.held }
    }

    // MARK: What is asked of it

    func set(_ pace: Pace) { state.withLock { $0.pace = pace } }

    /// Gives its weight away, says that it goes, and goes.
    func leave() {
        queue.async { [self] in
            state.withLock { $0.isLeaving = true }
            pass(.event(.leave))
        }
    }

    /// Ends it as a killed process ends: without a word, by its system, which closes its connections.
    func kill() {
        set(.resting)
        _ = wire.engine.withLock { $0.take() }
        if state.withLock({ state in
            defer { state.isFrozen = false }
            return state.isFrozen
        }) {
            breath.signal()
        }
    }

    /// Stops it as a machine stops: its connections stay, and nobody is at them. `kill` has to follow.
    func freeze() {
        set(.resting)
        state.withLock { $0.isFrozen = true }
        breath.wait()
    }

    /// From now on it hears nothing of these, as if the way to them were cut, and of all others again.
    func shun(_ members: Set<KeyID>) {
        let waiting = state.withLock { state in
            state.shunned = members
            defer { state.waiting = [] }
            return state.waiting
        }
        breakLinks(to: members)
        queue.async { [self] in
            // The next connection may have been quicker.
            for (place, connection) in waiting where state.withLock({ $0.linked[place] == nil }) {
                pass(.greetingWanted(place, connection: connection))
            }
        }
    }

    /// Breaks the connections to these that they have dialed.
    func breakLinks(to members: Set<KeyID>) {
        var status = OpenStatus()
        wire.use { status = $0.status() }
        for link in status.links where !link.isDialed && members.contains(link.peer.id) {
            if let port = link.peer.address.split(separator: ":").last.flatMap({ UInt16($0) }) {
                breakConnections(port: port)
            }
        }
    }

    // MARK: Watching

    var hasLeft: Bool { state.withLock { $0.hasLeft } }
    var linked: Set<KeyID> { state.withLock { Set($0.linked.values) } }
    var held: Double { core.withLock { Self.held($0.node) } }
    var unacknowledgedCount: Int { core.withLock { $0.node.session.unacknowledgedCount } }
    var steps: UInt64 { core.withLock { $0.node.statistics.steps } }
    var model: [Float] { core.withLock { $0.node.values(of: .model) } }
    var log: MessageLog.Content {
        core.withLock { ($0.node.observer as? MessageLog)?.content ?? MessageLog.Content() }
    }

    /// Whom its directory names; not to be asked of one that is frozen.
    var directory: Set<KeyID> {
        var status = OpenStatus()
        wire.use { status = $0.status() }
        return Set(status.members.map(\.id))
    }
}

/// Waits until something holds of peers that turn meanwhile; false where it does not within a generous time.
func waits(_ condition: () -> Bool) -> Bool {
    let (end, nobody) = (Date(timeIntervalSinceNow: 120), NSCondition())
    nobody.lock()
    defer { nobody.unlock() }
    while !condition() {
        guard Date(timeIntervalSinceNow: 0) < end else { return false }
        _ = nobody.wait(until: Date(timeIntervalSinceNow: 0.05))
    }
    return true
}
