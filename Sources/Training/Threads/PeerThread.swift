import Checkpoints
import Dispatch
import Foundation
import Gossip
import Graphs
import InProcessTransport
import Runs
import Runtime
import Synchronization
import Threads
import Vectors

/// One peer on its two threads: this is the node's; gradients run on its compute thread, which in a server's case has
/// nothing to do.
final class PeerThread<Learning: Learner & ~Copyable, Steps: LocalOptimizer & ~Copyable>: Sendable {
    typealias PeerNode = Node<Steps, ThreadPort<Learning>>

    /// What the run's threads share.
    struct PeerEnvironment: Sendable {
        let clock: RunClock
        let network: InProcessNetwork
        /// What goes wrong; nil where nothing does.
        let faults: RunFaults?
        let gate: Gate
        let traffic: Traffic
        let cut: ConsistentCut
        /// Takes a model for the test after a step.
        let handIn: @Sendable (Snapshots.Snapshot, UInt64) -> Void
        /// Tells that a peer has died.
        let leave: @Sendable (PeerID) -> Void
        /// Tells that the run should look around.
        let ring: @Sendable () -> Void
        let schedule: EvaluationSchedule
        /// When the run is saved; nil for never.
        let savingSchedule: EvaluationSchedule?
        /// Steps of one peer between two lines of its training loss.
        let stepsPerReport: UInt64
        /// Whether the peer begins once it has a link.
        var beginsByLink = false
    }

    /// What the peer's thread remembers of its course.
    struct Course {
        /// Steps that are over, and told as such.
        var stepsOver: UInt64
        /// Since when it computes nothing and has steps to make, by the time in which it computes nothing.
        var waitingSince: Duration?
        var turns: TestTurns
        /// Whether its algorithm has begun.
        var hasBegun: Bool
    }

    let me: PeerID
    let progress: Mutex<PeerProgress>
    let compute: ComputeThread<Learning>
    let waker: Waker
    private let isStarted = Atomic(false)
    private let hasGone = Atomic(false)
    private let mayGo = DispatchSemaphore(value: 0)
    private let isEnding = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)
    private let isStateAsked = Atomic(false)
    private let state = Mutex<SavedPeer?>(nil)
    private let saved = DispatchSemaphore(value: 0)
    private let isReleased = Atomic(false)
    private let isModelAsked = Atomic(false)
    private let model = Mutex<Payload?>(nil)
    private let told = DispatchSemaphore(value: 0)

    private let isServer: Bool

    /// The node, until its thread takes it.
    private let seat: Mutex<PeerNode?>
    private let resumed: Resumed?

    /// Where a peer stood when the run was saved.
    struct Resumed {
        let progress: PeerProgress
        /// What was computed and not yet handled.
        let held: Inbound?
    }

    /// - Parameter resumed: Where the peer stood when the run was saved; the node is restored already.
    init(
        _ node: consuming sending PeerNode, isServer: Bool, compute: ComputeThread<Learning>, waker: Waker,
        resumed: Resumed?
    ) {
        me = node.me
        self.isServer = isServer
        progress = Mutex(resumed?.progress ?? PeerProgress())
        seat = Mutex<PeerNode?>(node)
        self.resumed = resumed
        self.compute = compute
        self.waker = waker
    }

    /// Begins both threads, which wait for `go`. Throws where the system gives no thread: then `end` ends what there
    /// is.
    func start(in environment: PeerEnvironment) throws(ThreadShortage) {
        try compute.start(peer: me, gate: environment.gate, waker: waker)
        do {
            try SystemThread.start("node \(me)") { [self] in
                mayGo.wait()
                guard let node = seat.withLock({ $0.take() }) else { return }
                run(node, environment)
                ended.signal()
            }
        } catch {
            compute.end()
            throw error
        }
        isStarted.store(true, ordering: .releasing)
    }

    /// Lets the peer begin, when all threads of all peers are there.
    func go(in environment: PeerEnvironment) {
        // What comes first is under way until it has been handled.
        environment.traffic.began()
        hasGone.store(true, ordering: .releasing)
        mayGo.signal()
    }

    /// Ends both threads and waits until they have; what the peer came to stands in `progress`.
    func end() {
        guard isStarted.load(ordering: .acquiring) else { return }
        if !hasGone.load(ordering: .acquiring) {
            // Its thread finds nothing to do.
            _ = seat.withLock { $0.take() }
            mayGo.signal()
            return compute.end()
        }
        isEnding.store(true, ordering: .releasing)
        waker.post(.wake)
        ended.wait()
        compute.end()
    }

    private func run(_ node: consuming PeerNode, _ environment: PeerEnvironment) {
        let traffic = environment.traffic
        // What is computed and waits for the run to be saved, or was waiting when it was.
        var held = resumed?.held
        var course = Course(
            stepsOver: node.stepsOver,
            turns: TestTurns(environment.schedule, of: me, isServer: isServer, node.algorithm),
            hasBegun: resumed != nil || !environment.beginsByLink)
        node.port.tracer?.lives()
        node.port.tracer?.beginsHandling()
        if resumed == nil, course.hasBegun { node.start(now: environment.clock.now) }
        node.port.tracer?.endsHandling(nil, then: node.activity)
        publish(node, environment)
        traffic.ended()
        if resumed?.progress.diedAt != nil { lieDead(&node, environment, isAnnounced: true) }
        while !isRunEnding {
            if let computed = held, !node.port.isPaused {
                // Counted before the run is asked, so that it never seems quiet with what was computed about to be
                // handled.
                traffic.began()
                if !environment.cut.holds(node.statistics.steps) {
                    held = nil
                    handle(computed, &node, &course, environment)
                    continue
                }
                traffic.ended()
                environment.ring()
            }
            answer(&node, held, environment)
            guard let inbound = node.port.next(clock: environment.clock) else {
                die(node, environment)
                lieDead(&node, environment, isAnnounced: false)
                break
            }
            if inbound.isComputed { note(inbound, node, environment) }
            if inbound.isComputed, environment.cut.holds(node.statistics.steps) {
                held = inbound
                traffic.ended()
                continue
            }
            handle(inbound, &node, &course, environment)
        }
        // The dead hear of nothing.
        if progress.withLock({ $0.diedAt == nil }) { node.end(now: environment.clock.now) }
        node.port.tracer?.ends()
        let evaluated = node.evaluatedSnapshot()
        progress.withLock { $0.finalModel = evaluated }
    }

    /// Whether the run wants the thread to end.
    var isRunEnding: Bool { isEnding.load(ordering: .acquiring) }

    /// Tells what the run has asked for since the last look.
    func answer(_ node: inout PeerNode, _ held: Inbound?, _ environment: PeerEnvironment) {
        if isStateAsked.exchange(false, ordering: .acquiringAndReleasing) { save(&node, held) }
        if isModelAsked.exchange(false, ordering: .acquiringAndReleasing) {
            let evaluated = node.evaluatedSnapshot()
            model.withLock { $0 = evaluated }
            told.signal()
        }
        if isReleased.exchange(false, ordering: .acquiringAndReleasing) { environment.traffic.ended() }
    }

    private func handle(
        _ inbound: Inbound, _ node: inout PeerNode, _ course: inout Course, _ environment: PeerEnvironment
    ) {
        let begin = compute.idleTime
        if case .peerLeft(let dead) = inbound { environment.faults?.accountLoss(dead, by: node.session) }
        node.handle(inbound, now: environment.clock.now, tracer: node.port.tracer)
        if !course.hasBegun, case .linkUp = inbound {
            course.hasBegun = true
            node.start(now: environment.clock.now)
        }
        node.port.tracer?.endsHandling(inbound, then: node.activity)
        // What happens beside a gradient costs the peer no time.
        let end = compute.idleTime
        let seconds = (end - begin).inSeconds
        let since = course.waitingSince
        course.waitingSince = node.activity == .waiting ? since ?? end : nil
        progress.withLock { progress in
            if let since, node.activity == .computing, case .frame(let frame) = inbound {
                progress.waits[frame.from, default: 0] += (begin - since).inSeconds
            }
            switch inbound {
            case .gradientReady(let report): progress.count(report, updateSeconds: seconds)
            case .passAdvanced(let report) where report.stop == nil: progress.count(report, updateSeconds: seconds)
            default: if progress.finishedAt == nil { progress.communicationSeconds += seconds }
            }
        }
        // A step that waits for others is over when they have answered: its model does not depend on who was first.
        let isStepOver = node.stepsOver > course.stepsOver
        course.stepsOver = node.stepsOver
        if isStepOver { closeStep(node, environment) }
        for step in course.turns.take(isStepOver ? node.stepsOver : nil, node.algorithm) {
            environment.handIn(
                Snapshots.Snapshot(peer: me, model: node.evaluatedSnapshot(), samples: node.statistics.samples), step)
        }
        publish(node, environment)
        switch inbound {
        case .gradientReady, .passAdvanced, .frame, .timer, .peerLeft, .averaged, .event(.leave):
            environment.traffic.ended()
        case .peerJoined, .greetingWanted, .linkUp, .linkDown, .doubtOver, .forgotten, .event, .wake: break
        }
        if environment.cut.isRequested { environment.ring() }
    }

    /// Puts what was computed into trace and timeline, whether it is handled now or held back.
    private func note(_ inbound: Inbound, _ node: borrowing PeerNode, _ environment: PeerEnvironment) {
        guard let times = compute.lastTimes else { return }
        node.port.tracer?.computes(times.pass, from: Time(times.begin), to: Time(times.end))
        guard case .passAdvanced(let report) = inbound else { return }
        let step = node.statistics.steps
        progress.withLock { progress in
            var timeline = progress.timeline ?? PassTimeline(peers: environment.network.peers)
            timeline.note(
                report, isBeginning: times.isBeginning, begin: times.begin.inSeconds, end: times.end.inSeconds,
                step: step)
            progress.timeline = timeline
        }
    }

    /// The evaluated model of a server as it is now; asked while its thread runs.
    func evaluated() -> Payload {
        isModelAsked.store(true, ordering: .releasing)
        waker.post(.wake)
        told.wait()
        guard let model = model.withLock({ $0.take() }) else { preconditionFailure("peer \(me) told no model") }
        return model
    }

    /// Lets the peer look whether it is still to hold back its gradient. Until it has, it counts as under way: another
    /// peer that goes on at once and asks for the next rest does not find this one at its old one.
    func release(_ traffic: Traffic) {
        traffic.began()
        let wasReleased = isReleased.exchange(true, ordering: .acquiringAndReleasing)
        if wasReleased { traffic.ended() }
        waker.post(.wake)
    }

    // MARK: At rest

    /// The peer as it is; asked while the run is at rest. The peer's own thread tells, so nobody else touches the node.
    func savedState() -> SavedPeer {
        isStateAsked.store(true, ordering: .releasing)
        waker.post(.wake)
        saved.wait()
        guard let state = state.withLock({ $0.take() }) else { preconditionFailure("peer \(me) told no state") }
        return state
    }

    private func save(_ node: inout PeerNode, _ held: Inbound?) {
        let (words, nodeNumbers) = node.state()
        var numbers = nodeNumbers
        let learning = compute.state()
        numbers.vectors.merge(learning.numbers.vectors) { first, _ in first }
        numbers.words.merge(learning.numbers.words) { first, _ in first }
        let isDead = progress.withLock { $0.diedAt != nil }
        precondition(words.isComputing == (held != nil) || isDead, "peer \(me) is saved while it computes")
        let peer = PeerState(
            node: words, progress: progress.withLock { $0 }, gradientNanoseconds: learning.gradientNanoseconds,
            timers: node.port.timers, held: held, &numbers)
        state.withLock { $0 = SavedPeer(words: peer, numbers: numbers) }
        saved.signal()
    }

    /// Closes the span of steps of one training line, and asks for rest where the run is to be saved.
    private func closeStep(_ node: borrowing PeerNode, _ environment: PeerEnvironment) {
        let step = node.statistics.steps
        if step % environment.stepsPerReport == 0 || node.isFinished {
            let time = environment.clock.trainingSeconds
            progress.withLock {
                $0.closeSpan(
                    step: step, time: time, samples: node.statistics.samples, learningRate: node.learningRate)
            }
        }
        if let due = environment.savingSchedule?.due(after: step, of: me).last { environment.cut.request(after: due) }
    }

    private func publish(_ node: borrowing PeerNode, _ environment: PeerEnvironment) {
        let mass = node.algorithm.invariants.first { $0.name == Invariant.mass }?.held
        progress.withLock { progress in
            progress.statistics = node.statistics
            progress.mass = mass
            progress.abandonment = node.abandonment
            progress.unacknowledged = node.session.unacknowledgedCount
            progress.timers = node.port.timers.count
            guard node.isFinished, progress.finishedAt == nil else { return }
            progress.finishedAt = environment.clock.trainingSeconds
            progress.trust = node.algorithm.trustInNeighbours
            environment.ring()
        }
    }
}
