import Foundation
import Gossip
import InProcessTransport
import Runtime
import Synchronization
import Vectors

/// The peers of a run that live in this process, on threads. Whoever leads the run, here or on another rank, has it
/// carry out orders, one after the other.
final class Crew {
    typealias Peer = PeerThread<AnyLearner, OptimizerStepper>

    let plan: TrainingPlan
    /// Who lives here.
    let residents: Range<Int>
    let clock = RunClock()
    let gate = Gate()
    let traffic: Traffic
    private(set) var cut: Cut
    /// What goes wrong; nil where nothing does.
    private(set) var faults: RunFaults?
    private(set) var peers: [Peer] = []
    private var adopted: [Int: SavedPeer] = [:]
    private let network: InProcessNetwork
    private let averages: RankAverages?
    private let idlers: Idlers?
    private let post: RankPost?
    private let ears: Ears

    /// Whom the crew tells what happens; called on any thread.
    struct Ears {
        /// A peer hands in its model for the test after a step.
        let handIn: @Sendable (Snapshots.Snapshot, UInt64) -> Void
        /// A peer has died.
        let leave: @Sendable (PeerID) -> Void
        /// It is time to look around.
        let ring: @Sendable () -> Void
        /// The signal by which somebody has asked for an early end.
        let stopSignal: () -> Int32?
    }

    /// - Parameters:
    ///   - post: the way to the other ranks; nil where all peers live here.
    init(_ plan: TrainingPlan, post: RankPost? = nil, ears: Ears) {
        let layout = plan.ranks
        self.plan = plan
        self.post = post
        idlers = post.map { post in Idlers { post.ranks.setAwaited($0) } }
        self.ears = ears
        residents = layout.peers(of: post?.rank ?? 0)
        let traffic = Traffic(ranks: layout.ranks)
        self.traffic = traffic
        cut = Cut(isLockStep: plan.isLockStep)
        network = InProcessNetwork(
            residents: residents, of: plan.nodes, clock: { [clock] in clock.now },
            door: { frame in
                guard let post else { preconditionFailure("a frame is for peer \(frame.to), who lives nowhere") }
                let rank = layout.rank(of: frame.to.rawValue)
                traffic.left(for: rank)
                post.ranks.send(frame, to: rank)
            })
        let learners = layout.learners(of: post?.rank ?? 0).count
        averages = post.flatMap { post in
            guard post.ranks.takesSums else { return nil }
            return RankAverages(post.ranks, traffic, residents: learners, learners: plan.experiment.peers)
        }
        post?.receiveFrames { [network, residents] frame, rank in
            // All ranks have agreed on who lives where: only a broken one sends another's frame here.
            guard residents.contains(frame.to.rawValue) else { return }
            traffic.arrived(from: rank)
            network.waker(for: frame.to).post(.frame(frame))
        }
    }

    // MARK: Begin

    /// A peer's saved state is none of this experiment.
    struct Unfit: Error {
        let peer: Int
        let reason: any Error
    }

    /// Takes over a peer as it was saved.
    func adopt(_ peer: SavedPeer, as index: Int) { adopted[index] = peer }

    /// Makes the peers, who wait for `begin`. Throws `Unfit` for a saved peer that cannot be restored.
    func prepare(_ beginning: Beginning) throws {
        clock.set(now: beginning.now, training: .nanoseconds(beginning.trainingNanoseconds))
        cut = Cut(isLockStep: plan.isLockStep, after: beginning.step)
        faults = try RunFaults(plan, after: beginning.step, clock: clock)
        retransmissionSeconds = faults?.retransmissionSeconds ?? beginning.retransmissionSeconds
        surroundings = surroundings(isSaving: beginning.isSaving)
        let pool = PayloadPool()
        let scorer = try plan.scorer()
        for index in residents { peers.append(try peer(index, pool, scorer)) }
        adopted = [:]
    }

    /// After how long messages are sent again; nil where none can be lost.
    private(set) var retransmissionSeconds: Double?
    private var surroundings: Peer.Surroundings?

    private func peer(_ index: Int, _ pool: PayloadPool, _ scorer: (any Scorer)?) throws -> Peer {
        let me = PeerID(index)
        let saved = adopted[index]
        let compute = ComputeThread(
            try plan.learner(index), pool: pool,
            stopwatch: Stopwatch(clock, nanoseconds: saved?.words.gradientNanoseconds ?? 0), slowness: slowness(of: me))
        let port = ThreadPort(
            transport: network.transport(for: me), compute: compute, traffic: traffic, cut: cut, faults: faults,
            averages: averages, idlers: idlers, timers: saved?.words.timers ?? [])
        var node = Node(
            try plan.algorithm(index), me: me, peers: plan.experiment.peers, model: plan.initialModel(index),
            stepper: try plan.stepper(index), port: port,
            session: Session(me: me, retransmissionSeconds: retransmissionSeconds), pool: pool)
        node.scorer = scorer
        if let saved {
            do throws(StateError) {
                try node.restore(saved.words.node, saved.numbers)
                try compute.restore(
                    saved.numbers, isGradientReady: saved.words.report != nil, count: plan.layout.count)
            } catch {
                throw Unfit(peer: index, reason: error)
            }
        }
        return Peer(
            node, isServer: index >= plan.experiment.peers, compute: compute, waker: network.waker(for: me),
            resumed: saved?.words)
    }

    private func surroundings(isSaving: Bool) -> Peer.Surroundings {
        let experiment = plan.experiment
        return Peer.Surroundings(
            clock: clock, network: network, faults: faults, gate: gate, traffic: traffic, cut: cut,
            handIn: ears.handIn, leave: ears.leave, ring: ears.ring,
            schedule: plan.testSchedule,
            savingSchedule: isSaving ? experiment.checkpoint.everyEpochs.map(plan.schedule) : nil,
            stepsPerReport: max(1, plan.length.stepsPerEpoch / 10, plan.steps / 1000))
    }

    /// What makes a peer slower than it is; nil where nothing ever does.
    private func slowness(of peer: PeerID) -> Slowness? {
        let straggling = plan.experiment.stragglers[peer.rawValue] ?? 1
        guard straggling != 1 || faults?.slows(peer) == true else { return nil }
        return Slowness(clock) { [faults] in straggling * (faults?.slowFactor(of: peer) ?? 1) }
    }

    /// Lets the peers go; their gradients wait at the gate until `resume`. Throws where the system gives no thread.
    func begin() throws {
        guard let surroundings else { preconditionFailure("a crew begins that was not prepared") }
        gate.close()
        idlers?.begin()
        for (count, peer) in peers.enumerated() {
            do {
                try peer.start(in: surroundings)
            } catch {
                throw ThreadShortage(peers: peers.count, made: count, reason: error.reason)
            }
        }
        for peer in peers { peer.go(in: surroundings) }
    }

    // MARK: While it runs

    /// How things stand.
    func report() -> CrewReport {
        // The traffic first: what the peers say of themselves then belongs to a state in which it was so quiet.
        let count = traffic.count
        let reports = peers.map { peer in
            peer.progress.withLock { PeerReport(&$0, gradientSeconds: peer.compute.gradientSeconds) }
        }
        return CrewReport(
            peers: reports, traffic: count, cut: cut.target, stopSignal: ears.stopSignal(),
            lostMass: faults?.lostMass ?? 0, peakMemoryBytes: Environment.peakMemoryBytes)
    }

    /// Nothing goes wrong any more: all messages arrive, and the run can end.
    func endFaults() {
        guard let faults, faults.end() else { return }
        for peer in peers {
            peer.compute.stopSlowness()
            peer.waker.post(.wake)
        }
    }

    /// Lets peers that came to rest go on.
    func releaseCut() {
        cut.release()
        for peer in peers { peer.release(traffic) }
    }

    func stop(afterStep step: UInt64) {
        for peer in peers { peer.waker.post(.stop(afterStep: step)) }
    }

    /// The peers of a rank are gone.
    func leave(_ gone: Range<Int>, rank: Int) {
        post?.ranks.forget(rank)
        averages?.abandon()
        for peer in peers {
            for other in gone {
                traffic.began()
                peer.waker.post(.peerLeft(PeerID(other)))
            }
        }
    }

    /// A peer that lives here.
    subscript(peer: Int) -> Peer { peers[peer - residents.lowerBound] }

    /// Ends all threads.
    func end() {
        gate.open()
        faults?.end()
        clock.pause()
        for peer in peers { peer.end() }
    }
}
