import Dispatch
import Gossip
public import Runtime
import Synchronization
public import Vectors

/// Ranks that are threads of one process: each hands what it gets to its arrivals on a queue of its own.
public final class ThreadRanks: ProcessNetwork {
    public let rank: Int
    public var count: Int { hub.count }
    public let carrier = "threads"
    public let takesSums: Bool
    public let isCrowded: Bool
    private let hub: Hub
    private let queue: DispatchQueue
    private let state = Mutex(State())

    private struct State {
        var arrivals: ProcessArrivals?
        var early: [@Sendable (ProcessArrivals) -> Void] = []
        var forgotten: Set<Int> = []
        var isDead = false
        var sums = 0
        var awaited: [Bool] = []
    }

    /// What all ranks share.
    final class Hub: Sendable {
        let count: Int
        fileprivate let ranks = Mutex<[ThreadRanks]>([])
        fileprivate let sums = Mutex<[Int: [Int: (Payload, @Sendable (Payload) -> Void)]]>([:])
        fileprivate let shutdowns = DispatchGroup()

        init(count: Int) { self.count = count }
    }

    private init(_ rank: Int, _ hub: Hub, takesSums: Bool, isCrowded: Bool) {
        self.rank = rank
        self.isCrowded = isCrowded
        self.takesSums = takesSums
        self.hub = hub
        queue = DispatchQueue(label: "rank \(rank)")
    }

    /// - Parameter isCrowded: Whether they say that sending may wait, as full ways do; it never does here.
    public static func make(_ count: Int, takesSums: Bool = false, isCrowded: Bool = false) -> [ThreadRanks] {
        let hub = Hub(count: count)
        let ranks = (0..<count).map { ThreadRanks($0, hub, takesSums: takesSums, isCrowded: isCrowded) }
        for _ in ranks { hub.shutdowns.enter() }
        hub.ranks.withLock { $0 = ranks }
        return ranks
    }

    public func begin(_ arrivals: ProcessArrivals) {
        let early = state.withLock { state in
            state.arrivals = arrivals
            defer { state.early = [] }
            return state.early
        }
        for item in early { queue.async { item(arrivals) } }
    }

    public func setAwaited(_ isAwaited: Bool) { state.withLock { $0.awaited.append(isAwaited) } }

    /// What it was told, in order.
    public var awaited: [Bool] { state.withLock { $0.awaited } }

    public func send(_ frame: Frame, to rank: Int) {
        deliver(to: rank) { [me = self.rank] in $0.frame(frame, me) }
    }

    public func send(_ controlMessage: ControlMessage, to rank: Int) {
        deliver(to: rank) { [me = self.rank] in $0.controlMessage(controlMessage, me) }
    }

    private func deliver(to rank: Int, _ body: @escaping @Sendable (ProcessArrivals) -> Void) {
        precondition(rank != self.rank, "rank \(rank) sends to itself")
        guard !state.withLock({ $0.isDead || $0.forgotten.contains(rank) }) else { return }
        hub.ranks.withLock { $0[rank] }.arrive(from: self.rank, body)
    }

    private func arrive(from rank: Int, _ body: @escaping @Sendable (ProcessArrivals) -> Void) {
        state.withLock { state in
            guard !state.isDead, !state.forgotten.contains(rank) else { return }
            guard let arrivals = state.arrivals else { return state.early.append(body) }
            queue.async { body(arrivals) }
        }
    }

    public func sum(_ payload: Payload, _ receive: @escaping @Sendable (Payload) -> Void) {
        let number = state.withLock { state in
            state.sums += 1
            return state.sums
        }
        let all = hub.sums.withLock { sums in
            sums[number, default: [:]][rank] = (payload, receive)
            return sums[number]?.count == count ? sums.removeValue(forKey: number) : nil
        }
        guard let all else { return }
        let values = all.sorted { $0.key < $1.key }.map { $0.value.0.array() }
        let total = Payload(values[0].indices.map { index in values.reduce(0) { $0 + $1[index] } })
        for (_, receive) in all.values { receive(total) }
    }

    public func forget(_ rank: Int) { state.withLock { _ = $0.forgotten.insert(rank) } }

    public var isDead: Bool { state.withLock { $0.isDead } }

    /// The rank dies: nothing comes from it or goes to it any more, and the first rank finds it silent. Its threads,
    /// which die with a real one, find the first rank silent and end.
    public func die() {
        arrive(from: 0) { $0.timeout(0) }
        state.withLock { $0.isDead = true }
        hub.shutdowns.leave()
        hub.ranks.withLock({ $0[0] }).arrive(from: rank) { [rank] in $0.timeout(rank) }
    }

    public func end() {
        guard !state.withLock({ $0.isDead }) else { return }
        hub.shutdowns.leave()
        if state.withLock({ $0.forgotten.isEmpty }) { hub.shutdowns.wait() }
    }

    public func abort(_ code: Int32) -> Never { preconditionFailure("rank \(rank) ends all with code \(code)") }
}
