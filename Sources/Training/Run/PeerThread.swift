import Dispatch
import Foundation
import Gossip
import Runtime
import Synchronization
import Vectors

/// One learner on its two threads: this is the node's; gradients run on its compute thread.
final class PeerThread<Learning: Learner & ~Copyable, Steps: Stepper & ~Copyable>: Sendable {
    typealias PeerNode = Node<Steps, ThreadPort<Learning>>

    /// What the run's threads share.
    struct Surroundings: Sendable {
        let clock: RunClock
        let gate: Gate
        let traffic: Traffic
        let snapshots: Snapshots
        /// Rung when the run should look around.
        let bell: DispatchSemaphore
        let schedule: EvaluationSchedule
        /// Steps of one peer between two lines of its training loss.
        let stepsPerReport: UInt64
    }

    let me: PeerID
    let progress = Mutex(PeerProgress())
    let compute: ComputeThread<Learning>
    let waker: Waker
    private let isEnding = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    init(me: PeerID, compute: ComputeThread<Learning>, waker: Waker) {
        self.me = me
        self.compute = compute
        self.waker = waker
    }

    /// Begins both threads; the node is theirs from now on.
    func start(_ node: consuming sending PeerNode, in surroundings: Surroundings) {
        compute.start(peer: me, gate: surroundings.gate, waker: waker)
        let seat = Mutex<PeerNode?>(node)
        let holder = Holder(seat)
        let thread = Thread { [self] in
            guard let node = holder.seat.withLock({ $0.take() }) else { return }
            run(node, surroundings)
            ended.signal()
        }
        thread.name = "node \(me)"
        thread.start()
    }

    /// Ends both threads and waits until they have; what the peer came to stands in `progress`.
    func end() {
        isEnding.store(true, ordering: .releasing)
        waker.post(.wake)
        ended.wait()
        compute.end()
    }

    private func run(_ node: consuming PeerNode, _ surroundings: Surroundings) {
        let clock = surroundings.clock
        node.start(now: clock.now)
        publish(node, surroundings)
        while !isEnding.load(ordering: .acquiring) {
            let inbound = node.port.next(clock: clock)
            let begin = clock.now
            node.handle(inbound, now: begin)
            switch inbound {
            case .gradientReady(let report):
                let seconds = clock.now - begin
                progress.withLock { $0.count(report, updateSeconds: seconds) }
                closeStep(node, surroundings)
            case .frame:
                surroundings.traffic.handled()
                let seconds = clock.now - begin
                progress.withLock { $0.communicationSeconds += seconds }
            default:
                break
            }
            publish(node, surroundings)
        }
        let evaluated = node.evaluatedSnapshot()
        progress.withLock { $0.finalModel = evaluated }
    }

    /// Snapshots the evaluated vector where testing is due, and closes the span of steps of one training line.
    private func closeStep(_ node: borrowing PeerNode, _ surroundings: Surroundings) {
        let step = node.statistics.steps
        if step % surroundings.stepsPerReport == 0 || node.isFinished {
            let time = surroundings.clock.trainingSeconds
            progress.withLock { $0.closeSpan(step: step, time: time, samples: node.statistics.samples) }
        }
        guard surroundings.schedule.isDue(step) else { return }
        surroundings.snapshots.submit(
            Snapshots.Snapshot(peer: me, model: node.evaluatedSnapshot(), samples: node.statistics.samples), step: step)
    }

    private func publish(_ node: borrowing PeerNode, _ surroundings: Surroundings) {
        let mass = node.algorithm.laws.first { $0.name == Law.mass }?.held
        progress.withLock { progress in
            progress.statistics = node.statistics
            progress.mass = mass
            guard node.isFinished, progress.finishedAt == nil else { return }
            progress.finishedAt = surroundings.clock.trainingSeconds
            surroundings.bell.signal()
        }
    }

    /// Carries the node into its thread.
    private final class Holder: Sendable {
        let seat: Mutex<PeerNode?>
        init(_ seat: consuming Mutex<PeerNode?>) { self.seat = seat }
    }
}
