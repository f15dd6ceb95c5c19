import Dispatch
import Gossip
import HeapModule
import Runtime
import Synchronization
import Threads

/// Threads that compute ahead what will be needed at some virtual time, the earliest first. Whoever needs it computes
/// it himself if no thread has got to it, and helps out while a thread is at it: so `count` threads are busy, the
/// caller's among them.
///
/// They begin with the first thing that there is to compute. Where the system gives fewer threads, fewer compute.
final class ComputeThreads: Sendable {
    private let count: Int
    private let list = List()
    /// How many threads run beside the caller's; nil: none was needed so far.
    private let running = Mutex<Int?>(nil)

    /// Bytes of results that wait for their time at most, where more than two a thread do: few enough to be near the
    /// processor still when it comes.
    static let byteLimit = 2 << 20

    init(count: Int) {
        precondition(count > 1, "\(count) threads compute nothing ahead")
        self.count = count
    }

    /// Waits for whoever is computing.
    deinit { list.end(running.withLock { $0 ?? 0 }) }

    /// Has something computed that is needed at that time; `number` tells apart what is needed at the same.
    func add(_ task: any ComputedAhead, neededAt time: Time, number: UInt64) {
        start()
        list.add(List.Entry(time: time, number: number, task: task))
    }

    /// What came of a computation whose time has come.
    func take(_ computation: Computation, at time: Time, number: UInt64) -> Inbound {
        list.discard(through: List.Entry(time: time, number: number, task: computation))
        while true {
            let taken = computation.takeUnlessBusy()
            guard let taken = taken ?? (list.computeNext() ? nil : computation.take()) else { continue }
            if taken.isAhead { list.release(computation) }
            return taken.result
        }
    }

    /// What was computed ahead is not needed any more.
    func release(_ task: any ComputedAhead) { list.release(task) }

    private func start() {
        running.withLock { running in
            guard running == nil else { return }
            var started = 0
            for index in 1..<count {
                do throws(ThreadShortage) {
                    try SystemThread.start("compute \(index)", stackBytes: 8 << 20) { [list] in list.work() }
                    started += 1
                } catch {
                    break
                }
            }
            list.begin(threads: started)
            running = started
        }
    }
}

extension ComputeThreads {
    /// What is to be computed, shared by the threads.
    private final class List: Sendable {
        struct Entry: Comparable {
            let time: Time
            let number: UInt64
            let task: any ComputedAhead

            static func < (a: Entry, b: Entry) -> Bool { (a.time, a.number) < (b.time, b.number) }
            static func == (a: Entry, b: Entry) -> Bool { a.number == b.number }
        }

        private struct State {
            var entries = Heap<Entry>()
            var threads = 0
            /// Threads that were woken and have not looked yet.
            var woken = 0
            /// What is being computed, or was and waits.
            var ahead = 0
            var byteCount = 0
            var isEnding = false
            /// Whether the limit was reached. Nothing is begun then until half of it is free: a thread sleeps and wakes
            /// for many results, and not for each.
            var isFull = false

            mutating func mayBegin() -> Bool {
                guard !isEnding, let next = entries.min else { return false }
                guard ahead >= 2 * (threads + 1) else { return true }
                let limit = isFull ? ComputeThreads.byteLimit / 2 : ComputeThreads.byteLimit
                isFull = byteCount + next.task.byteCount > limit
                return !isFull
            }

            mutating func begin() -> Entry? {
                guard mayBegin(), let entry = entries.popMin() else { return nil }
                ahead += 1
                byteCount += entry.task.byteCount
                return entry
            }

            mutating func release(_ task: any ComputedAhead) {
                ahead -= 1
                byteCount -= task.byteCount
            }

            /// How many threads should look, besides those that are about to.
            mutating func wake() -> Int {
                guard mayBegin() else { return 0 }
                let wanted = max(0, min(entries.count, threads) - woken)
                woken += wanted
                return wanted
            }
        }

        private let state = Mutex(State())
        private let bell = DispatchSemaphore(value: 0)
        private let ended = DispatchSemaphore(value: 0)

        func begin(threads: Int) { change { $0.threads = threads } }

        func add(_ entry: Entry) {
            change { state in if state.threads > 0 { state.entries.insert(entry) } }
        }

        /// Forgets what is needed no later than that.
        func discard(through last: Entry) {
            change { state in while let next = state.entries.min, next <= last { state.entries.removeMin() } }
        }

        func release(_ task: any ComputedAhead) { change { $0.release(task) } }

        /// Computes what is needed next; false where nothing may be begun.
        func computeNext() -> Bool {
            guard let entry = state.withLock({ $0.begin() }) else { return false }
            if !entry.task.computeAhead() { release(entry.task) }
            return true
        }

        /// What each thread does until the end.
        func work() {
            while true {
                bell.wait()
                let isEnding = state.withLock { state in
                    state.woken -= 1
                    return state.isEnding
                }
                if isEnding { break }
                while computeNext() {}
            }
            ended.signal()
        }

        /// Has all threads end, and waits until they have.
        func end(_ threads: Int) {
            state.withLock { state in
                state.isEnding = true
                state.entries = Heap()
            }
            for _ in 0..<threads { bell.signal() }
            for _ in 0..<threads { ended.wait() }
        }

        private func change(_ body: (inout State) -> Void) {
            let rings = state.withLock { state in
                body(&state)
                return state.wake()
            }
            for _ in 0..<rings { bell.signal() }
        }
    }
}
