import Gossip
import Graphs
import Runtime
import Vectors

/// A peer's node: what comes goes in, what the caller waits for goes out. Driven by a `PeerDriver`.
struct PeerLoop: ~Copyable {
    /// How far a rest has come that the caller asked for.
    enum Stage {
        case atWork
        /// Nothing may be under way.
        case quieting
        /// The models of the others are waited for.
        case gathering
        /// The others are to be as far.
        case passing
    }

    let host: PeerHost
    let tensors: CallerTensors
    let plan: PeerPlan
    let links: LinkCourse?
    let ranks: RankCourse?
    var node: Node
    let port: BridgePort
    var rest: Rest
    /// Frames of each rank that were handled.
    var handled: [UInt64]
    /// How many rests there have been.
    var round: UInt64 = 0
    var stage = Stage.atWork
    /// Whether the peer is at rest for good.
    var isDone: Bool
    var lastReport: Rest.Report?
    /// The models of a rest for the consensus, by rank.
    var models: [Int: Payload] = [:]
    /// The last rest in which the model was told.
    var toldRound: UInt64?
    /// The point at which a gradient is wanted, until the caller takes it.
    var wanted: BridgePort.Point?
    /// Whether the caller's optimizer is at work on the only copy of the model: until it has stepped, nothing goes in.
    private(set) var isStepping = false
    /// What has come meanwhile.
    private var postponed: [Inbound] = []
    /// Whether the loop is to end.
    var isOver = false
    /// Why a peer could not go on without which this one cannot either.
    private var firstReason: String?
    /// Whether leave of the others was taken.
    var hasLeft = false
    var hasStarted = false
    /// The state that the caller goes on from, until it is taken over.
    var saved: SavedPeer?
    /// How the peer stands on an open network.
    var standing = LinkStanding()
    /// Until when the peer's own thread waits for what comes; nil where it does for as long as it takes.
    private var awaitedUntil: Time?

    /// What a peer of several processes knows of the others.
    struct RankCourse {
        let desk: RankDesk
        let ways: RankWays
        /// The rank of each peer.
        let ranksOfPeers: [Int]
        /// Learners of the run.
        let learners: Int
    }

    /// What a peer on an open network knows.
    struct LinkCourse {
        let network: any LinkNetwork
        let terms: LinkTerms
    }

    init(
        _ host: PeerHost, _ tensors: CallerTensors, _ plan: PeerPlan, node: consuming Node, port: BridgePort,
        ranks: RankCourse?, links: LinkCourse?
    ) {
        self.host = host
        self.tensors = tensors
        self.plan = plan
        self.node = node
        self.port = port
        self.ranks = ranks
        self.links = links
        let (rank, count) = (ranks?.desk.network.rank ?? 0, ranks?.desk.network.count ?? 1)
        rest = Rest(rank: rank, ranks: count)
        handled = Array(repeating: 0, count: count)
        isDone = plan.settings.isServer
        host.publish { figures in (figures.rank, figures.ranks, figures.ranksHere) = (rank, count, count) }
    }

    /// Begins. What came before goes in first.
    mutating func begin(frames: [Frame], letters: [RankDesk.Item]) {
        if links == nil { start() }
        for letter in letters { take(letter) }
        for frame in frames { handle(.frame(frame)) }
        settle()
    }

    /// What the peer's own thread does next.
    enum Turn {
        /// It waits for what comes: until then, or for as long as it takes.
        case wait(until: Time?)
        /// The peer is closed or has come to its end.
        case end
    }

    /// Has the timers go off that are due, and tells what the peer's own thread does next.
    mutating func turn() -> Turn {
        if links != nil { lookAround() }
        while !isOver, stage == .atWork, let timer = port.takeTimer(now: host.clock.now) { go(on: .timer(timer)) }
        guard !isOver, !host.isClosing else { return .end }
        awaitedUntil = nextLook
        return .wait(until: awaitedUntil)
    }

    /// Takes what has come, and gives the caller what it waits for.
    mutating func go(on inbound: Inbound?) {
        if isStepping {
            guard case .gradientReady? = inbound else {
                if let inbound { postponed.append(inbound) }
                return
            }
            isStepping = false
        }
        if let inbound { handle(inbound) }
        settle()
        goOnWithPostponed()
        // Whoever has its answer by now computes, and wants the processor for that.
        if case .gradientReady? = inbound, host.seat.isWaitedFor { ranks?.desk.network.setAwaited(true) }
    }

    private mutating func goOnWithPostponed() {
        let inbounds = postponed
        postponed = []
        for inbound in inbounds where !isOver {
            handle(inbound)
            settle()
        }
    }

    /// The caller's optimizer is about to step.
    mutating func beginStep() { isStepping = node.isModelOutside }

    /// The caller does something else: what lies in its tensors is the model, whatever a step has made of it.
    mutating func endStep() {
        guard isStepping else { return }
        isStepping = false
        goOnWithPostponed()
    }

    /// Whether the peer's own thread is to look earlier than it knows of.
    var isEarlier: Bool { isOver || (nextLook ?? .distantFuture) < (awaitedUntil ?? .distantFuture) }

    /// Nothing more goes in. A peer that has not come to its end is gone to the others.
    mutating func close() {
        if !isOver { sayGone() }
        isOver = true
        guard !hasLeft else { return }
        ranks?.desk.network.abandon()
        links?.network.end(isFinished: false)
    }

    /// When to look around though nothing has come; nil for not before.
    private var nextLook: Time? {
        let timer = stage == .atWork ? port.timers.map(\.time).min() : nil
        guard links != nil else { return timer }
        return min(timer ?? .distantFuture, standing.nextLook)
    }

    mutating func start() {
        hasStarted = true
        node.start(now: host.clock.now)
    }

    private mutating func handle(_ inbound: Inbound) {
        if case .frame(let frame) = inbound, let ranks {
            // All have agreed on who lives where: only a broken process sends frames of others.
            guard frame.to == plan.me, let rank = ranks.ways.rank(of: frame.from) else { return }
            handled[rank] += 1
        }
        node.handle(inbound, now: host.clock.now)
        if case .linkUp = inbound { noteLink() }
        if case .wake = inbound, let ranks { for item in ranks.desk.take() { take(item) } }
    }

    private mutating func take(_ item: RankDesk.Item) {
        switch item {
        case .silence(let rank):
            if rest.gone.contains(rank) { return }
            if ranks?.desk.network.rank == 0 { ranks?.desk.send(.gone(rank), to: rest.others.filter { $0 != rank }) }
            leave(rank)
        case .letter(.gone(let rank, let reason), _, _): leave(rank, because: reason)
        case .letter(.refusal, _, let rank): leave(rank)
        case .letter(.left, _, let rank):
            if let peer = peer(of: rank) { node.handle(.peerLeft(peer), now: host.clock.now) }
        case .letter(.report(let report), _, let rank): rest.note(report, of: rank)
        case .letter(.passed(let round), _, let rank): rest.notePassed(round, of: rank)
        case .letter(.model(let number), let payload, let rank):
            if number == round, !isDone, let payload { models[rank] = payload }
        case .letter(.hello, _, _), .letter(.start, _, _): break
        }
    }

    private func peer(of rank: Int) -> PeerID? { ranks?.ranksOfPeers.firstIndex(of: rank).map { PeerID($0) } }

    /// A rank is gone for good. Where it could not go on itself, and the algorithm here cannot without it either, the
    /// reason is the one that it gave: who died first is named, and not who fell behind it.
    private mutating func leave(_ rank: Int, because reason: String? = nil) {
        guard let ranks, rank != ranks.desk.network.rank, !rest.gone.contains(rank) else { return }
        ranks.desk.network.forget(rank)
        rest.noteGone(rank)
        models[rank] = nil
        let here = rest.others.count + 1
        host.publish { $0.ranksHere = here }
        guard let peer = peer(of: rank) else { return }
        let couldGoOn = node.abandonment == nil
        node.handle(.peerLeft(peer), now: host.clock.now)
        if couldGoOn, node.abandonment != nil { firstReason = reason }
    }

    // MARK: The caller

    /// Gives the caller what it waits for, if it is there.
    mutating func settle() {
        let statistics = node.statistics
        host.publish { $0.statistics = statistics }
        if let reason = node.abandonment { return fail(BridgeError(.abandoned, firstReason ?? reason)) }
        if let point = port.takeWanted() { wanted = point }
        if host.seat.isWaitedFor { serve() }
        do throws(BridgeError) {
            try lookAtRest()
        } catch {
            fail(error)
        }
    }

    /// The peer goes no further, and says so to the others.
    private mutating func fail(_ error: BridgeError) {
        host.seat.fail(error)
        sayGone(because: error.kind == .abandoned ? error.description : nil)
        isOver = true
    }

    private func sayGone(because reason: String? = nil) {
        ranks?.desk.send(.gone(ranks?.desk.network.rank ?? 0, because: reason), to: rest.others)
    }

    private mutating func serve() {
        switch host.call {
        case .open, .step: answerStep()
        case .consensus: beginRest()
        case .save: beginRest()
        case .restore(let bytes): beginRest(from: bytes)
        case .finish: finish()
        }
    }

    /// A call that ends with the next point, or with the last step.
    mutating func answerStep() {
        if let point = wanted, !standing.isTimeUp {
            wanted = nil
            show(point)
            let now = host.clock.now.seconds
            host.publish { $0.beganAt = $0.beganAt ?? now }
            ranks?.desk.network.setAwaited(false)
            host.seat.answer(.done(tensors.takeWritten(.none)))
        } else if node.isFinished || standing.isTimeUp, !plan.settings.isServer {
            tensors.put(evaluatedModel())
            host.seat.answer(.finished(tensors.takeWritten(.none)))
        }
    }

    /// Lets the caller's tensors hold the point at which the gradient is wanted. A model that lies there then is left
    /// there where the caller says when its optimizer steps, and the algorithm does nothing before.
    private mutating func show(_ point: BridgePort.Point) {
        guard case .model(let model, let scale) = point else { return }
        tensors.putPoint(model, scale: scale)
        guard plan.settings.announcesSteps, plan.traits.stepsFirst, !plan.traits.needsScores, scale == 1,
            node.modelSnapshot() === model
        else { return }
        node.leaveModelOutside()
        tensors.leaveModel()
    }

    /// What is tested and saved of the peer.
    mutating func evaluatedModel() -> Payload {
        node.bringModel()
        return node.evaluatedSnapshot()
    }

    /// The caller makes no further step.
    mutating func finish() {
        guard !isDone else { return }
        isDone = true
        stage = .atWork
        guard !node.isFinished else { return }
        if links != nil {
            node.handle(.event(.leave), now: host.clock.now)
        } else if plan.traits.isLockStep || plan.traits.keepsStepWithNeighbours {
            // They would wait for it.
            ranks?.desk.send(.left, to: rest.others)
        }
    }
}
