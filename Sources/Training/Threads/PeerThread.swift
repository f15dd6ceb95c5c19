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
final class PeerThread: Sendable {
    /// The node and its port, which belong to the node's thread.
    struct Core: ~Copyable {
        var node: Node
        let port: ThreadPort
    }

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
    let compute: ComputeThread
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

    /// The core, until the node's thread takes it.
    private let seat: Mutex<Core?>
    private let resumed: Resumed?

    /// Where a peer stood when the run was saved.
    struct Resumed {
        let progress: PeerProgress
        /// What was computed and not yet handled.
        let held: Inbound?
    }

    /// - Parameter resumed: Where the peer stood when the run was saved; the node is restored already.
    init(
        _ core: consuming sending Core, isServer: Bool, compute: ComputeThread, waker: Waker,
        resumed: Resumed?
    ) {
        me = core.node.me
        self.isServer = isServer
        progress = Mutex(resumed?.progress ?? PeerProgress())
        seat = Mutex<Core?>(core)
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
                guard let core = seat.withLock({ $0.take() }) else { return }
                run(core, environment)
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

    private func run(_ core: consuming Core, _ environment: PeerEnvironment) {
        let traffic = environment.traffic
        // What is computed and waits for the run to be saved, or was waiting when it was.
        var held = resumed?.held
        var course = Course(
            stepsOver: core.node.stepsOver,
            turns: TestTurns(environment.schedule, of: me, isServer: isServer, core.node.algorithm),
            hasBegun: resumed != nil || !environment.beginsByLink)
        core.port.tracer?.lives()
        core.port.tracer?.beginsHandling()
        if resumed == nil, course.hasBegun { core.node.start(now: environment.clock.now) }
        core.port.tracer?.endsHandling(nil, then: core.node.activity)
        publish(core, environment)
        traffic.ended()
        if resumed?.progress.diedAt != nil { lieDead(&core, environment, isAnnounced: true) }
        while !isRunEnding {
            if let computed = held, !core.port.isPaused {
                // Counted before the run is asked, so that it never seems quiet with what was computed about to be
                // handled.
                traffic.began()
                if !environment.cut.holds(core.node.statistics.steps) {
                    held = nil
                    handle(computed, &core, &course, environment)
                    continue
                }
                traffic.ended()
                environment.ring()
            }
            answer(&core, held, environment)
            guard let inbound = core.port.next(clock: environment.clock) else {
                die(core, environment)
                lieDead(&core, environment, isAnnounced: false)
                break
            }
            if inbound.isComputed { note(inbound, core, environment) }
            if inbound.isComputed, environment.cut.holds(core.node.statistics.steps) {
                held = inbound
                traffic.ended()
                continue
            }
            handle(inbound, &core, &course, environment)
        }
        // The dead hear of nothing.
        if progress.withLock({ $0.diedAt == nil }) { core.node.end(now: environment.clock.now) }
        core.port.tracer?.ends()
        let evaluated = core.node.evaluatedSnapshot()
        progress.withLock { $0.finalModel = evaluated }
    }

    /// Whether the run wants the thread to end.
    var isRunEnding: Bool { isEnding.load(ordering: .acquiring) }

    /// Tells what the run has asked for since the last look.
    func answer(_ core: inout Core, _ held: Inbound?, _ environment: PeerEnvironment) {
        if isStateAsked.exchange(false, ordering: .acquiringAndReleasing) { save(&core, held) }
        if isModelAsked.exchange(false, ordering: .acquiringAndReleasing) {
            let evaluated = core.node.evaluatedSnapshot()
            model.withLock { $0 = evaluated }
            told.signal()
        }
        if isReleased.exchange(false, ordering: .acquiringAndReleasing) { environment.traffic.ended() }
    }

    private func handle(
        _ inbound: Inbound, _ core: inout Core, _ course: inout Course, _ environment: PeerEnvironment
    ) {
        let begin = compute.idleTime
        if case .peerLeft(let dead) = inbound { environment.faults?.accountLoss(dead, by: core.node.session) }
        core.node.handle(inbound, now: environment.clock.now, tracer: core.port.tracer)
        if !course.hasBegun, case .linkUp = inbound {
            course.hasBegun = true
            core.node.start(now: environment.clock.now)
        }
        core.port.tracer?.endsHandling(inbound, then: core.node.activity)
        // What happens beside a gradient costs the peer no time.
        let end = compute.idleTime
        let seconds = (end - begin).inSeconds
        let since = course.waitingSince
        course.waitingSince = core.node.activity == .waiting ? since ?? end : nil
        progress.withLock { progress in
            if let since, core.node.activity == .computing, case .frame(let frame) = inbound {
                progress.waits[frame.from, default: 0] += (begin - since).inSeconds
            }
            switch inbound {
            case .gradientReady(let report): progress.count(report, updateSeconds: seconds)
            case .passAdvanced(let report) where report.stop == nil: progress.count(report, updateSeconds: seconds)
            default: if progress.finishedAt == nil { progress.communicationSeconds += seconds }
            }
        }
        // A step that waits for others is over when they have answered: its model does not depend on who was first.
        let isStepOver = core.node.stepsOver > course.stepsOver
        course.stepsOver = core.node.stepsOver
        if isStepOver { closeStep(core, environment) }
        for step in course.turns.take(isStepOver ? core.node.stepsOver : nil, core.node.algorithm) {
            environment.handIn(
                Snapshots.Snapshot(
                    peer: me, model: core.node.evaluatedSnapshot(), samples: core.node.statistics.samples), step)
        }
        publish(core, environment)
        switch inbound {
        case .gradientReady, .passAdvanced, .frame, .timer, .peerLeft, .averaged, .event(.leave):
            environment.traffic.ended()
        case .peerJoined, .greetingWanted, .linkUp, .linkDown, .doubtOver, .forgotten, .event, .wake: break
        }
        if environment.cut.isRequested { environment.ring() }
    }

    /// Puts what was computed into trace and timeline, whether it is handled now or held back.
    private func note(_ inbound: Inbound, _ core: borrowing Core, _ environment: PeerEnvironment) {
        guard let times = compute.lastTimes else { return }
        core.port.tracer?.computes(times.pass, from: Time(times.begin), to: Time(times.end))
        guard case .passAdvanced(let report) = inbound else { return }
        let step = core.node.statistics.steps
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

    private func save(_ core: inout Core, _ held: Inbound?) {
        let (words, nodeNumbers) = core.node.state()
        var numbers = nodeNumbers
        let learning = compute.state()
        numbers.vectors.merge(learning.numbers.vectors) { first, _ in first }
        numbers.words.merge(learning.numbers.words) { first, _ in first }
        let isDead = progress.withLock { $0.diedAt != nil }
        precondition(words.isComputing == (held != nil) || isDead, "peer \(me) is saved while it computes")
        let peer = PeerState(
            node: words, progress: progress.withLock { $0 }, gradientNanoseconds: learning.gradientNanoseconds,
            timers: core.port.timers, held: held, &numbers)
        state.withLock { $0 = SavedPeer(words: peer, numbers: numbers) }
        saved.signal()
    }

    /// Closes the span of steps of one training line, and asks for rest where the run is to be saved.
    private func closeStep(_ core: borrowing Core, _ environment: PeerEnvironment) {
        let step = core.node.statistics.steps
        if step % environment.stepsPerReport == 0 || core.node.isFinished {
            let time = environment.clock.trainingSeconds
            progress.withLock {
                $0.closeSpan(
                    step: step, time: time, samples: core.node.statistics.samples, learningRate: core.node.learningRate)
            }
        }
        if let due = environment.savingSchedule?.due(after: step, of: me).last { environment.cut.request(after: due) }
    }

    private func publish(_ core: borrowing Core, _ environment: PeerEnvironment) {
        let mass = core.node.algorithm.invariants.first { $0.name == Invariant.mass }?.held
        progress.withLock { progress in
            progress.statistics = core.node.statistics
            progress.mass = mass
            progress.abandonment = core.node.abandonment
            progress.unacknowledged = core.node.session.unacknowledgedCount
            progress.timers = core.port.timers.count
            guard core.node.isFinished, progress.finishedAt == nil else { return }
            progress.finishedAt = environment.clock.trainingSeconds
            progress.trust = core.node.algorithm.trustInNeighbours
            environment.ring()
        }
    }
}
