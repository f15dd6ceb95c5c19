import Foundation
import Runtime
import Synchronization
import Testing

struct BacklogTests {
    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])
        func write(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    /// Has threads wait for room, and makes room once all of them do.
    private func wait(threads: Int, in backlog: Backlog, until makeRoom: (Log) -> Void) -> [String] {
        let log = Log()
        let through = DispatchSemaphore(value: 0)
        for _ in 0..<threads {
            Thread.detachNewThread {
                backlog.awaitRoom(to: 1)
                log.write("through")
                through.signal()
            }
        }
        while backlog.waiting(for: 1) < threads { sched_yield() }
        makeRoom(log)
        for _ in 0..<threads { through.wait() }
        return log.all
    }

    @Test func whoeverHandsOverTooFastWaits() {
        let backlog = Backlog(ranks: 2, limitBytes: 100)
        backlog.add(99, to: 1)
        backlog.awaitRoom(to: 1)
        // What is longer than the limit goes, too, if there is room for anything.
        backlog.add(1000, to: 1)
        backlog.awaitRoom(to: 0)
        let log = wait(threads: 3, in: backlog) { log in
            backlog.leave(999, to: 1)
            log.write("room for none")
            backlog.leave(1, to: 1)
        }
        #expect(log == ["room for none", "through", "through", "through"])
    }

    @Test func isCrowdedBeforeAnybodyWaits() {
        let backlog = Backlog(ranks: 3, limitBytes: 100)
        backlog.add(50, to: 1)
        #expect(!backlog.isCrowded)
        backlog.add(1, to: 1)
        #expect(backlog.isCrowded && backlog.hasRoom(to: 1))
        backlog.add(1000, to: 2)
        backlog.leave(1, to: 1)
        #expect(backlog.isCrowded)
        backlog.forget(2)
        #expect(!backlog.isCrowded)
    }

    @Test func nobodyWaitsForTheGone() {
        let backlog = Backlog(ranks: 2, limitBytes: 100)
        backlog.add(1000, to: 1)
        #expect(wait(threads: 2, in: backlog) { _ in backlog.forget(1) } == ["through", "through"])
        backlog.add(1000, to: 1)
        backlog.awaitRoom(to: 1)
    }
}
