import Checkpoints
import Experiments
import Foundation
import Gossip
import Graphs
import InProcessTransport
import Records
import Runs
import Runtime
import Synchronization
import Threads
import Vectors

/// The peers of a run that live in this process, on threads. The leader, here or on another rank, has it
/// carry out orders, one after the other.
final class LocalPeers {
    typealias Peer = PeerThread

    let plan: TrainingPlan
    /// Who lives here.
    let localPeerIDs: Range<Int>
    let clock = RunClock()
    let gate = Gate()
    let traffic: Traffic
    private(set) var cut: ConsistentCut
    /// What goes wrong; nil where nothing does.
    private(set) var faults: RunFaults?
    private(set) var peers: [Peer] = []
    /// What the peers did, until it is reported; nil where nobody wants to know.
    private var trace: TraceLog?
    private var adopted: [Int: SavedPeer] = [:]
    private let network: InProcessNetwork
    private let averages: RankAverages?
    private let waitingCount: WaitingCount?
    private let mailbox: ControlMailbox?
    /// The links of an open network, whose one peer here is 0; nil where all peers are known.
    private let links: OpenLinks?
    private let callbacks: PeerCallbacks

    /// Whom the worker tells what happens; called on any thread.
    struct PeerCallbacks {
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
    ///   - links: those of the peer in an open network; nil where all peers are known.
    init(
        _ plan: TrainingPlan, mailbox: ControlMailbox? = nil, links: OpenLinks? = nil, callbacks: PeerCallbacks
    ) {
        let layout = plan.ranks
        self.plan = plan
        self.mailbox = mailbox
        self.links = links
        waitingCount = mailbox.map { mailbox in WaitingCount { mailbox.ranks.setAwaited($0) } }
        self.callbacks = callbacks
        localPeerIDs = layout.peers(of: mailbox?.rank ?? 0)
        let traffic = Traffic(ranks: layout.ranks)
        self.traffic = traffic
        cut = ConsistentCut(isLockStep: plan.isLockStep)
        network = InProcessNetwork(
            localPeerIDs: localPeerIDs, of: links == nil ? plan.nodes : Setup.places, clock: { [clock] in clock.now },
            uplink: { frame in
                if let links {
                    traffic.ended()
                    return links.network.send(frame)
                }
                guard let mailbox else { preconditionFailure("a frame is for peer \(frame.to), who lives nowhere") }
                let rank = layout.rank(of: frame.to.rawValue)
                traffic.left(for: rank)
                mailbox.ranks.send(frame, to: rank)
            })
        let learners = layout.learners(of: mailbox?.rank ?? 0).count
        averages = mailbox.flatMap { mailbox in
            guard mailbox.ranks.takesSums else { return nil }
            return RankAverages(mailbox.ranks, traffic, localPeerIDs: learners, learners: plan.experiment.peers)
        }
        mailbox?.receiveFrames { [network, localPeerIDs] frame, rank in
            // All ranks have agreed on who lives where: only a broken one sends another's frame here.
            guard localPeerIDs.contains(frame.to.rawValue) else { return }
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
        cut = ConsistentCut(isLockStep: plan.isLockStep, after: beginning.step)
        faults = try RunFaults(plan, after: beginning.step, clock: clock)
        retransmissionSeconds = faults?.retransmissionSeconds ?? beginning.retransmissionSeconds
        if beginning.isTracing { trace = TraceLog() }
        environment = environment(isSaving: beginning.isSaving)
        let pool = PayloadPool()
        let scorer = try plan.scorer()
        for index in localPeerIDs { peers.append(try peer(index, pool, scorer)) }
        adopted = [:]
    }

    /// After how long messages are sent again; nil where none can be lost.
    private(set) var retransmissionSeconds: Double?
    private var environment: Peer.PeerEnvironment?

    private func peer(_ index: Int, _ pool: PayloadPool, _ scorer: (any Scorer)?) throws -> Peer {
        let me = PeerID(index)
        let saved = adopted[index]
        let compute = ComputeThread(
            try plan.learner(index), pool: pool,
            stopwatch: Stopwatch(clock, nanoseconds: saved?.words.gradientNanoseconds ?? 0),
            stragglerDelay: stragglerDelay(of: me))
        let port = ThreadPort(
            transport: network.transport(for: me), compute: compute, traffic: traffic, cut: cut, faults: faults,
            averages: averages, waitingCount: waitingCount, network: links?.network,
            timers: saved?.words.timers ?? [],
            tracer: Self.tracer(of: me, isServer: index >= plan.experiment.peers, trace, clock),
            drop: { [trace, clock] in trace?.append(PeerTrace.drop($0, at: clock.trainingTime)) })
        var node = Node(
            try algorithm(of: index), me: me, peers: plan.experiment.peers,
            model: plan.initialModel(index),
            localOptimizer: try plan.localOptimizer(index), port: port,
            session: Session(me: me, retransmissionSeconds: retransmissionSeconds, isByLinks: links != nil), pool: pool,
            links: plan.links)
        node.scorer = scorer
        var resumed: Peer.Resumed?
        if let saved {
            do throws(StateError) {
                try node.restore(saved.words.node, saved.numbers)
                try compute.restore(
                    saved.numbers, isGradientReady: saved.words.holdsGradient, count: node.vectors.count)
                resumed = Peer.Resumed(progress: saved.words.progress, held: try saved.words.held(saved.numbers))
            } catch {
                throw Unfit(peer: index, reason: error)
            }
        }
        return Peer(
            Peer.Core(node: node, port: port), isServer: index >= plan.experiment.peers, compute: compute,
            waker: network.waker(for: me),
            resumed: resumed)
    }

    private func algorithm(of peer: Int) throws -> any Algorithm {
        links == nil
            ? try plan.algorithm(peer, under: plan.experiment.faultsOnThreads()) : try plan.openAlgorithm(peer)
    }

    private static func tracer(
        of peer: PeerID, isServer: Bool, _ trace: TraceLog?, _ clock: RunClock
    ) -> sending PeerTrace? {
        guard let trace else { return nil }
        return PeerTrace(of: peer, isServer: isServer, log: trace) { clock.trainingTime }
    }

    private func environment(isSaving: Bool) -> Peer.PeerEnvironment {
        let experiment = plan.experiment
        return Peer.PeerEnvironment(
            clock: clock, network: network, faults: faults, gate: gate, traffic: traffic, cut: cut,
            handIn: callbacks.handIn, leave: callbacks.leave, ring: callbacks.ring,
            schedule: plan.testSchedule,
            savingSchedule: isSaving ? experiment.checkpoint.everyEpochs.map(plan.schedule) : nil,
            stepsPerReport: plan.stepsPerTrainingLine, beginsByLink: plan.terms?.isFounder == false)
    }

    /// What makes a peer slower than it is; nil where nothing ever does.
    private func stragglerDelay(of peer: PeerID) -> StragglerDelay? {
        let straggling = plan.experiment.stragglers[peer.rawValue] ?? 1
        guard straggling != 1 || faults?.slows(peer) == true else { return nil }
        return StragglerDelay(clock) { [faults] in straggling * (faults?.slowFactor(of: peer) ?? 1) }
    }

    /// Lets the peers go; their gradients wait at the gate until `resume`. Throws where the system gives no thread.
    func begin() throws {
        guard let environment else { preconditionFailure("peers begin that were not prepared") }
        gate.close()
        waitingCount?.begin()
        for (count, peer) in peers.enumerated() {
            do {
                try peer.start(in: environment)
            } catch {
                throw ThreadShortage(peers: peers.count, made: count, reason: error.reason)
            }
        }
        for peer in peers { peer.go(in: environment) }
        if let links { links.begin(peers[0].waker, traffic, clock, ring: callbacks.ring) }
    }

    // MARK: While it runs

    /// How things stand.
    func report() -> WorkerReport {
        // The traffic first: what the peers say of themselves then belongs to a state in which it was so quiet.
        let count = traffic.count
        let reports = peers.map { peer in
            peer.progress.withLock { PeerReport(&$0, gradientSeconds: peer.compute.gradientSeconds) }
        }
        return WorkerReport(
            peers: reports, traffic: count, cut: cut.target, stopSignal: callbacks.stopSignal(),
            lostMass: faults?.lostMass ?? 0, peakMemoryBytes: Environment.peakMemoryBytes,
            droppedCount: traffic.droppedCount, trace: trace?.take() ?? "")
    }

    /// Nothing goes wrong any more: all messages arrive, and the run can end.
    func endFaults() {
        guard let faults, faults.end() else { return }
        for peer in peers {
            peer.compute.stopStragglerDelay()
            peer.waker.post(.wake)
        }
    }

    /// Lets peers that came to rest go on.
    func releaseCut() {
        cut.release()
        for peer in peers { peer.release(traffic) }
    }

    func giveAway() {
        for peer in peers {
            // Under way until it has been heard: a peer that has made its steps is not done before.
            traffic.began()
            peer.waker.post(.event(.leave))
        }
    }

    func stop(afterStep step: UInt64) {
        for peer in peers { peer.waker.post(.event(.stop(afterStep: step))) }
    }

    /// The peers of a rank are gone.
    func leave(_ gone: Range<Int>, rank: Int) {
        mailbox?.ranks.forget(rank)
        averages?.abandon()
        for peer in peers {
            for other in gone {
                traffic.began()
                peer.waker.post(.peerLeft(PeerID(other)))
            }
        }
    }

    /// A peer that lives here.
    subscript(peer: Int) -> Peer { peers[peer - localPeerIDs.lowerBound] }

    /// Ends all threads.
    func end() {
        gate.open()
        faults?.end()
        clock.pause()
        for peer in peers { peer.end() }
    }
}
