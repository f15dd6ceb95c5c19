import Conditions
import Experiments
import Gossip
import Graphs
import InProcessTransport
import Runs
import Runtime
import Synchronization

/// What goes wrong in a run on threads, by the time of its training; and what is lost with peers that die.
///
/// Every peer looks itself whether it is paused or dead: there is no thread that does it to them.
final class RunFaults: Sendable {
    private let schedule: FaultSchedule
    private let clock: RunClock
    private let seed: UInt64
    /// Tells the draws of a resumed run from those of its beginning.
    private let incarnation: UInt64
    private let crashes: [PeerID: Time]
    /// When each peer dies, or begins to be paused, in order.
    private let moments: [PeerID: [Time]]
    private let slowPeers: Set<PeerID>
    private let isOver = Atomic(false)
    private let casualties = Mutex(Casualties())

    /// Seconds from a peer's crash until the others are told of it.
    let detectionSeconds: Double
    /// After how long a message is sent again that may have vanished; nil where none does. Several times there and
    /// back between threads that others keep from running; too short only costs repetitions.
    let retransmissionSeconds: Double?

    private struct Casualties {
        /// The sessions of the dead, as they were at their end.
        var tombstones: [PeerID: Session] = [:]
        var lostMass = 0.0
    }

    /// - Parameters:
    ///   - list: one of `Experiment.faultsOnThreads`.
    ///   - step: the step that the run goes on from.
    init(_ list: FaultList, detectionSeconds: Double, seed: UInt64, step: UInt64, clock: RunClock) {
        schedule = FaultSchedule(list)
        self.clock = clock
        self.seed = seed
        incarnation = step
        self.detectionSeconds = detectionSeconds
        retransmissionSeconds = list.faults.contains(where: \.dropsFrames) ? 0.01 : nil
        var crashes: [PeerID: Time] = [:]
        var moments: [PeerID: [Time]] = [:]
        for event in schedule.events {
            switch event.kind {
            case .crash(let peer):
                crashes[peer] = event.time
                moments[peer, default: []].append(event.time)
            case .pauseBegin(let peer, _): moments[peer, default: []].append(event.time)
            case .heal, .pauseEnd, .restart, .join, .leave, .clockJump: break
            }
        }
        self.crashes = crashes
        self.moments = moments
        slowPeers = Set(list.faults.compactMap { if case .slow(let peer, _, _) = $0 { peer } else { nil } })
    }

    /// What goes wrong in a run that goes on after a step; nil where nothing does. Throws `ConfigurationError` for
    /// faults that only the simulator applies.
    convenience init?(_ plan: TrainingPlan, after step: UInt64, clock: RunClock) throws {
        let experiment = plan.experiment
        let list = try experiment.faultsOnThreads()
        // Byzantine peers are what their algorithms are.
        guard list.faults.contains(where: { $0.kind != .byzantine }) else { return nil }
        self.init(
            list, detectionSeconds: experiment.network.detectionSeconds, seed: experiment.simulationSeed, step: step,
            clock: clock)
    }

    /// Nothing goes wrong from now on; the dead stay dead. Whoever waits must be woken. Whether it was not so before.
    @discardableResult func end() -> Bool { !isOver.exchange(true, ordering: .sequentiallyConsistent) }

    private var hasEnded: Bool { isOver.load(ordering: .sequentiallyConsistent) }

    /// Time of training, by which faults are told.
    private var now: Time { clock.trainingTime }

    // MARK: Peers

    /// Whether the peer's hour has come.
    func isDead(_ peer: PeerID) -> Bool {
        guard let crash = crashes[peer], !hasEnded else { return false }
        return crash <= now
    }

    /// The moment of the run's clock at which the peer's pause ends, nil where it is in none.
    func pauseEnd(of peer: PeerID) -> Time? {
        guard moments[peer] != nil, !hasEnded else { return nil }
        return schedule.isPaused(peer: peer, at: now).map(clock.moment(ofTraining:))
    }

    /// The moment of the run's clock at which the peer should look again whether it is paused or dead.
    func nextMoment(of peer: PeerID) -> Time? {
        guard let moments = moments[peer], !hasEnded else { return nil }
        let now = now
        return moments.first { $0 > now }.map(clock.moment(ofTraining:))
    }

    /// Whether the peer is slow at some time.
    func slows(_ peer: PeerID) -> Bool { slowPeers.contains(peer) }

    /// How many times as long a gradient takes that the peer begins now.
    func slowFactor(of peer: PeerID) -> Double { hasEnded ? 1 : schedule.slowFactor(peer: peer, at: now) }

    /// The moment of the run's clock at which the others hear of a crash at `time` of training; nil once it has come.
    func announcement(ofCrashAt time: Time) -> Time? {
        let due = time + detectionSeconds
        return hasEnded || due <= now ? nil : clock.moment(ofTraining: due)
    }

    // MARK: Frames

    /// A peer's connection with all that goes wrong on the way of what it sends; `drop` is told of what vanishes.
    func transport(
        _ base: consuming InProcessTransport, _ traffic: Traffic, drop: @escaping @Sendable (Frame) -> Void
    ) -> FaultyTransport<InProcessTransport> {
        let view = FaultView(
            active: { [self] in
                guard !hasEnded else { return nil }
                let now = now
                return (schedule.active(at: now), now)
            },
            now: { [self] in hasEnded ? Time(nanoseconds: .max) : now },
            moment: { [clock] in clock.moment(ofTraining: $0) })
        return FaultyTransport(
            base, view: view, seed: seed, incarnation: incarnation,
            drop: { frame in
                if frame.isMessage { traffic.lost() }
                drop(frame)
            },
            recount: { traffic.recount($0) })
    }

    // MARK: The dead

    /// What was lost with peers that died, less what comes back to a sender although a peer had used it before it died.
    var lostMass: Double { casualties.withLock { $0.lostMass } }

    /// A peer dies with the mass that it holds.
    func account(_ session: Session, held mass: Double) {
        casualties.withLock { casualties in
            for tombstone in casualties.tombstones.values {
                casualties.lostMass += session.massStranded(with: tombstone)
            }
            casualties.lostMass += mass
            casualties.tombstones[session.me] = session
        }
    }

    /// A peer hears that another one has died, and has not fenced it yet.
    func accountLoss(_ dead: PeerID, by session: Session) {
        casualties.withLock { casualties in
            guard let tombstone = casualties.tombstones[dead] else { return }
            casualties.lostMass += session.massLost(with: tombstone)
        }
    }
}

extension Fault {
    /// Whether frames can vanish by it on their way between two living peers.
    fileprivate var dropsFrames: Bool {
        switch self {
        case .drop, .corrupt, .cut, .partition: true
        case .duplicate, .reorder, .delay, .pause, .crash, .join, .leave, .clock, .slow, .byzantine, .random: false
        }
    }
}
