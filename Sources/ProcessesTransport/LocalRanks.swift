import Dispatch
import Glibc
public import Runtime
import Synchronization
import Threads
import Vectors
import Wire

/// Ranks that are processes of this machine, each connected to every other one by a local socket; one is this process.
///
/// A thread of its own waits for the sockets. Who sends does not wait for it: what there is room for goes at once.
/// Every rank hears of every other one: at once where its process has ended, and where it stands still after a silence.
public final class LocalRanks: ProcessNetwork {
    public let rank: Int
    public let count: Int
    public let carrier = "local sockets"

    /// Seconds since any moment.
    let clock: @Sendable () -> Double
    let bell: Bell

    private let sockets: [Int: LocalSocket]
    private let queues: [Int: OutgoingQueue]
    private let processes: [OtherProcess]
    let backlog: Backlog
    /// That this rank has come, for as long as it is there.
    private let rendezvous: Rendezvous
    private let state = Mutex(State())
    private let ended = DispatchSemaphore(value: 0)

    private struct State {
        var orders = MeshLoop.Orders()
        var forgotten: Set<Int> = []
    }

    /// Joins the other processes that the environment tells of (`MURMUR_RANK`, `MURMUR_RANKS`, `MURMUR_RENDEZVOUS`),
    /// and waits for them.
    ///
    /// - Parameters:
    ///   - silenceSeconds: After so long without a sign of life a rank is told to be gone, though its process lives.
    ///   - joinSeconds: So long the others are waited for.
    ///   - backlogBytes: With so many bytes on the way to a rank, who has another frame for it waits.
    public convenience init(
        silenceSeconds: Double = 10, joinSeconds: Double = 60, backlogBytes: Int = 1 << 26
    ) throws(ProcessesError) {
        let begin = ContinuousClock.now
        try self.init(
            ProcessPlace(environment: ProcessEnvironment.settings), silenceSeconds: silenceSeconds,
            joinSeconds: joinSeconds, backlogBytes: backlogBytes, clock: { (ContinuousClock.now - begin).seconds })
    }

    init(
        _ place: ProcessPlace, silenceSeconds: Double, joinSeconds: Double, backlogBytes: Int,
        clock: @escaping @Sendable () -> Double
    ) throws(ProcessesError) {
        precondition(silenceSeconds > 0 && backlogBytes > 0, "silence of \(silenceSeconds) s, \(backlogBytes) bytes")
        (rank, count, self.clock) = (place.rank, place.ranks, clock)
        rendezvous = try Rendezvous(place)
        do throws(LocalSocket.Failure) {
            bell = try Bell()
        } catch {
            throw .system("pipe", reason: error.reason)
        }
        let sockets = try Assembly(place, rendezvous).join(within: joinSeconds, clock: clock)
        let backlog = Backlog(ranks: place.ranks, limitBytes: backlogBytes)
        let queues = Dictionary(
            uniqueKeysWithValues: sockets.map { ($0, OutgoingQueue(to: $0, over: $1, backlog: backlog)) })
        (self.sockets, self.queues, self.backlog) = (sockets, queues, backlog)
        processes = sockets.values.compactMap { OtherProcess(behind: $0) }
        do throws(ThreadShortage) {
            try SystemThread.start("murmur-ranks") { [self] in serve(silenceSeconds) }
        } catch {
            throw .system("thread", reason: error.reason)
        }
    }

    private func serve(_ silenceSeconds: Double) {
        let pool = PayloadPool()
        let links = sockets.sorted { $0.key < $1.key }.compactMap { rank, socket in
            queues[rank].map { LocalLink(to: rank, over: socket, $0, pool: pool) }
        }
        MeshLoop(self, links, silenceSeconds: silenceSeconds).run()
        // Another network of the same processes may meet there now.
        rendezvous.release()
        ended.signal()
    }

    public func begin(_ arrivals: ProcessArrivals) {
        state.withLock { state in
            precondition(state.orders.arrivals == nil, "rank \(rank) begins twice to hand on what arrives")
            state.orders.arrivals = arrivals
        }
        bell.ring()
    }

    public func send(_ frame: Frame, to rank: Int) {
        let queue = queue(to: rank)
        backlog.awaitRoom(to: rank)
        let payload = frame.payload
        let envelope = Envelope.frame(frame, payload: payload?.count, isPacked: payload?.isPacked == true)
        if queue.add(envelope, payload: payload) { bell.ring() }
    }

    public var isCrowded: Bool { backlog.isCrowded }

    public func send(_ controlMessage: ControlMessage, to rank: Int) {
        let payload = controlMessage.payload
        let envelope = Envelope.controlMessage(words: controlMessage.words.count, payload: payload?.count)
        if queue(to: rank).add(envelope, words: controlMessage.words, payload: payload) { bell.ring() }
    }

    public func forget(_ rank: Int) {
        let queue = queue(to: rank)
        let isNew = state.withLock { $0.forgotten.insert(rank).inserted }
        queue.shutDown()
        guard self.rank == 0, isNew else { return bell.ring() }
        for other in queues.values where other.rank != rank { _ = other.add(.loss(rank: rank)) }
        bell.ring()
    }

    public func end() { end { $0.isEnding = true } }

    public func abandon() { end { $0.isAbandoned = true } }

    private func end(_ order: (inout MeshLoop.Orders) -> Void) {
        state.withLock { order(&$0.orders) }
        bell.ring()
        ended.wait()
        // Whoever asks once more finds it over.
        ended.signal()
    }

    public func abort(_ code: Int32) -> Never {
        for process in processes { process.kill() }
        exit(code)
    }

    /// What was wrong with what came, if anything was.
    public var problem: String? { state.withLock { $0.orders.problem } }

    private func queue(to rank: Int) -> OutgoingQueue {
        guard let queue = queues[rank] else {
            preconditionFailure("rank \(self.rank) of \(count) has no way to rank \(rank)")
        }
        return queue
    }

    // MARK: For the network's thread

    var orders: MeshLoop.Orders { state.withLock { $0.orders } }

    func isForgotten(_ rank: Int) -> Bool { state.withLock { $0.forgotten.contains(rank) } }

    func note(_ problem: String) { state.withLock { $0.orders.problem = problem } }
}

extension Duration {
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
