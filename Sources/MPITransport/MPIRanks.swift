import CMPI
import DequeModule
import Dispatch
import Glibc
public import Runtime
import Synchronization
public import Vectors

/// Ranks that an MPI launcher has started, one of which is this process.
///
/// A thread of its own looks after what is under way, and naps when all is quiet. A sender does not wait for it: it
/// starts its message itself where nobody else is busy with MPI, which saves a change of threads.
public final class MPIRanks: ProcessNetwork {
    public let rank: Int
    public let count: Int
    public let carrier: String
    public let takesSums: Bool

    private static let hasBegun = Atomic(false)

    private let mpi: MPI
    private let pollingPolicy: PollingPolicy
    private let timeoutSeconds: Double
    private let backlog: Backlog
    private let outbox = Mutex(Deque<Outgoing>())
    private let engine: Mutex<ProgressEngine>
    private let arrivals = Mutex<ProcessArrivals?>(nil)
    private let isAwaited = Atomic(true)
    private let isNapping = Atomic(false)
    private let isEnding = Atomic(false)
    private let bell = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    /// Begins MPI, once in a process. Throws where there is no plug-in, or the launcher is another MPI's.
    ///
    /// - Parameters:
    ///   - timeoutSeconds: After so long without a sign of life a rank is told to be silent.
    ///   - takesSums: Whether exact averages are taken by the library.
    ///   - longestPieceBytes: Longer payloads go in pieces. A library may copy a piece in one call, in which nothing
    ///     else moves.
    ///   - backlogBytes: With so many bytes on the way to a rank, who has another frame for it waits.
    public convenience init(
        timeoutSeconds: Double = 10, takesSums: Bool = false, longestPieceBytes: Int = 1 << 24,
        backlogBytes: Int = 1 << 26
    ) throws(MPIError) {
        try self.init(
            PlugIn.find(), environment: ProcessEnvironment.settings, timeoutSeconds: timeoutSeconds,
            takesSums: takesSums, longestPieceBytes: longestPieceBytes, backlogBytes: backlogBytes)
    }

    init(
        _ plugIn: PlugIn, environment: [String: String], timeoutSeconds: Double, takesSums: Bool,
        longestPieceBytes: Int, backlogBytes: Int, pollingPolicy: PollingPolicy = PollingPolicy()
    ) throws(MPIError) {
        precondition(timeoutSeconds > 0, "silence of \(timeoutSeconds) s")
        let mpi = try MPI(plugIn)
        // The library ends the process where it is begun again behind its end.
        guard !Self.hasBegun.exchange(true, ordering: .relaxed) else { throw .begunBefore }
        // All calls of MPI but the senders' come from one thread, also the first and the last.
        let thread = ProgressThread()
        try thread.start(longestPieceBytes: longestPieceBytes, mpi)
        self.mpi = mpi
        (rank, count) = (mpi.rank, mpi.count)
        carrier = mpi.library
        self.takesSums = takesSums
        self.pollingPolicy = pollingPolicy
        self.timeoutSeconds = timeoutSeconds
        backlog = Backlog(ranks: mpi.count, limitBytes: backlogBytes)
        engine = Mutex(ProgressEngine(mpi, ranks: mpi.count, backlog: backlog))
        try Launcher(environment: environment)?.check(library: carrier, sees: count)
        thread.run { [self] in run() }
    }

    public func begin(_ arrivals: ProcessArrivals) {
        self.arrivals.withLock { known in
            precondition(known == nil, "rank \(rank) begins twice to hand on what arrives")
            known = arrivals
        }
        wake()
    }

    public func send(_ frame: Frame, to rank: Int) {
        let to = checked(rank)
        backlog.awaitRoom(to: to)
        // Counted before it is under way, too: the engine may be busy when it is handed over.
        backlog.add(frame.payload?.byteCount ?? 0, to: to)
        hand(.frame(frame, to: to))
    }

    public var isCrowded: Bool { backlog.isCrowded }

    public func send(_ controlMessage: ControlMessage, to rank: Int) {
        hand(.controlMessage(controlMessage, to: checked(rank)))
    }

    public func sum(_ payload: Payload, _ receive: @escaping @Sendable (Payload) -> Void) {
        hand(.sum(payload, receive))
    }

    public func setAwaited(_ isAwaited: Bool) {
        if !self.isAwaited.exchange(isAwaited, ordering: .sequentiallyConsistent), isAwaited { wake() }
    }

    public func forget(_ rank: Int) {
        let gone = checked(rank)
        engine.withLock { engine in
            begin(&engine)
            engine.lose(gone)
        }
        wake()
    }

    public func end() {
        isEnding.store(true, ordering: .releasing)
        wake()
        ended.wait()
    }

    public func abort(_ code: Int32) -> Never {
        engine.withLock { _ in mpi.abort(code) }
        exit(code)
    }

    /// What MPI complained about last, if it did.
    public var problem: MPIError? { engine.withLock { $0.problem } }

    public var baseline: NetworkBaseline? {
        NetworkBaseline(name: "plain MPI") { [self] payload, rounds in
            engine.withLock { engine in
                // The other rank may need what was handed over to know that it is to play.
                begin(&engine)
                return mpi.pingPong(payload, rounds: rounds)
            }
        }
    }

    private func checked(_ rank: Int) -> Int {
        precondition((0..<count).contains(rank) && rank != self.rank, "rank \(self.rank) of \(count) sends to \(rank)")
        return rank
    }

    // MARK: Senders

    private func hand(_ outgoing: Outgoing) {
        outbox.withLock { $0.append(outgoing) }
        // Whoever holds the engine now looks into the outbox before it rests.
        engine.withLockIfAvailable { begin(&$0) }
        wake()
    }

    private func begin(_ engine: inout ProgressEngine) {
        while let next = outbox.withLock({ $0.popFirst() }) {
            engine.begin(next)
            if case .frame(let frame, let rank) = next { backlog.leave(frame.payload?.byteCount ?? 0, to: rank) }
        }
    }

    private func wake() {
        if isNapping.exchange(false, ordering: .sequentiallyConsistent) { bell.signal() }
    }

    // MARK: The engine's thread

    private func run() {
        cmpi_set_timer_slack(1_000)
        let begin = ContinuousClock.now
        var heartbeat = Heartbeat(rank: rank, count: count, timeoutSeconds: timeoutSeconds, now: 0)
        var arrived: [Arrived] = []
        var (moves, movedAt, hasSaidShutdown) = (UInt64(0), 0.0, false)
        while true {
            let now = (ContinuousClock.now - begin).seconds
            let isEnding = isEnding.load(ordering: .acquiring)
            let state = engine.withLock { engine in
                self.begin(&engine)
                for other in heartbeat.due(now: now) { engine.begin(.heartbeat(to: other)) }
                engine.look(&arrived) { heartbeat.hear($0, now: now) }
                for silent in heartbeat.silent(now: now, bytesUnderWay: engine.bytesUnderWay(with:)) {
                    engine.nameSilent(silent)
                }
                if isEnding { engine.leaveBehindTheGone() }
                if isEnding, !hasSaidShutdown {
                    hasSaidShutdown = true
                    for other in 0..<count where other != rank { engine.begin(.shutdown(to: other)) }
                }
                return State(engine)
            }
            let later = (ContinuousClock.now - begin).seconds
            let hasMoved =
                state.moves != moves || (state.bytes != nil && later - now >= pollingPolicy.movingLookSeconds)
            if hasMoved { (moves, movedAt) = (state.moves, later) }
            let hadArrivals = handOn(&arrived)
            if isEnding, arrived.isEmpty, isOver() { break }
            if hadArrivals { continue }
            let isAwaited = isEnding || isAwaited.load(ordering: .sequentiallyConsistent)
            rest(
                pollingPolicy.napSeconds(
                    quietSeconds: later - movedAt, bytesUnderWay: state.bytes, isAwaited: isAwaited))
        }
        leave()
    }

    /// What decides how the engine rests.
    private struct State {
        let moves: UInt64
        let bytes: Int?
        init(_ engine: borrowing ProgressEngine) {
            moves = engine.moves
            bytes = engine.transfersUnderWay > 0 ? engine.bytesUnderWay : nil
        }
    }

    /// Hands on what has arrived once somebody listens, outside the lock: whoever is told may send at once.
    private func handOn(_ arrived: inout [Arrived]) -> Bool {
        guard !arrived.isEmpty else { return false }
        guard let arrivals = arrivals.withLock({ $0 }) else {
            // Nobody will listen any more.
            if isEnding.load(ordering: .acquiring) { arrived = [] }
            return false
        }
        for item in arrived {
            switch item {
            case .frame(let frame, let rank): arrivals.frame(frame, rank)
            case .controlMessage(let controlMessage, let rank): arrivals.controlMessage(controlMessage, rank)
            case .sum(let payload, let receive): receive(payload)
            case .timeout(let rank): arrivals.timeout(rank)
            }
        }
        arrived.removeAll(keepingCapacity: true)
        return true
    }

    private func rest(_ seconds: Double) {
        guard seconds > 0 else {
            sched_yield()
            return
        }
        isNapping.store(true, ordering: .sequentiallyConsistent)
        if outbox.withLock({ $0.isEmpty }) {
            if bell.wait(timeout: .now() + .nanoseconds(Int(seconds * 1e9))) == .success { return }
        }
        // Who has taken the word away rings, or has rung.
        if !isNapping.exchange(false, ordering: .sequentiallyConsistent) { bell.wait() }
    }

    private func isOver() -> Bool {
        let isEmpty = outbox.withLock { $0.isEmpty }
        return engine.withLock { isEmpty && $0.isDone(rank: rank) }
    }

    private func leave() {
        engine.withLock { engine in
            // MPI's own leave would wait for the dead.
            if !engine.hasForgotten { try? mpi.end() }
        }
        ended.signal()
    }
}

extension Duration {
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
