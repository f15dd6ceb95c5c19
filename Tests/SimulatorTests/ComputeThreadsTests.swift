import Dispatch
import Gossip
import Runtime
import Synchronization
import TestKit
import Testing
import Vectors

@testable import Simulator

/// Something to compute that notes who is begun, and waits until it may go on.
private final class Chore: ComputedAhead {
    let byteCount: Int
    let begun: DispatchSemaphore
    let mayGoOn: DispatchSemaphore?
    private let times = Mutex(0)

    init(byteCount: Int = 4, begun: DispatchSemaphore, mayGoOn: DispatchSemaphore? = nil) {
        self.byteCount = byteCount
        self.begun = begun
        self.mayGoOn = mayGoOn
    }

    var timesComputed: Int { times.withLock { $0 } }

    func computeAhead() -> Bool {
        let isFirst = times.withLock { times in
            times += 1
            return times == 1
        }
        begun.signal()
        mayGoOn?.wait()
        return isFirst
    }
}

@Suite struct ComputeThreadsTests {

    private func computation(target: Float) -> Computation {
        Computation(QuadraticLearner(target: [target, 0]), pool: PayloadPool(), count: 2)
    }

    private func report(_ inbound: Inbound) -> GradientReport? {
        if case .gradientReady(let report) = inbound { report } else { nil }
    }

    /// Whoever computes it, and however late: the loss is that of each learner at its model.
    @Test(arguments: [2, 3, 5]) func whatIsTakenIsWhatWasAskedFor(count: Int) {
        let threads = ComputeThreads(count: count)
        let works = (0..<20).map { computation(target: Float($0)) }
        for round in 1...5 {
            for (index, work) in works.enumerated() {
                work.ask(.gradient(at: Payload([Float(round), 0]), scale: 2), reusing: nil)
                // Some are never handed over, and some are needed at the same time.
                guard index % 5 != 4 else { continue }
                threads.add(work, neededAt: Time(nanoseconds: Int64(index / 3)), number: UInt64(20 * round + index))
            }
            for (index, work) in works.enumerated() {
                let taken = threads.take(
                    work, at: Time(nanoseconds: Int64(index / 3)), number: UInt64(20 * round + index))
                let distance = Float(2 * round - index)
                #expect(report(taken)?.loss == distance * distance / 2)
                #expect(work.takeGradient().array() == [distance, 0])
            }
        }
    }

    /// The earliest is begun first, and every one once.
    @Test func theEarliestGoesFirst() {
        let threads = ComputeThreads(count: 2)
        let (begun, mayGoOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let first = Chore(begun: begun, mayGoOn: mayGoOn)
        threads.add(first, neededAt: Time(nanoseconds: 9), number: 1)
        // The only thread is busy, so that the others wait.
        begun.wait()
        let order = Mutex<[Int]>([])
        let done = DispatchSemaphore(value: 0)
        final class Noting: ComputedAhead {
            let byteCount = 4
            let note: @Sendable () -> Void
            init(_ note: @escaping @Sendable () -> Void) { self.note = note }
            func computeAhead() -> Bool {
                note()
                return false
            }
        }
        let times: [Int64] = [5, 3, 8, 3]
        for (index, time) in times.enumerated() {
            let noting = Noting {
                order.withLock { $0.append(index) }
                done.signal()
            }
            threads.add(noting, neededAt: Time(nanoseconds: time), number: UInt64(index + 2))
        }
        mayGoOn.signal()
        for _ in times { done.wait() }
        #expect(order.withLock { $0 } == [1, 3, 0, 2])
        #expect(first.timesComputed == 1)
    }

    /// Of results that are too large to wait in great numbers, two a thread may, until they are fetched.
    @Test func onlySoManyWaitForTheirTime() {
        let threads = ComputeThreads(count: 2)
        let begun = DispatchSemaphore(value: 0)
        let tasks = (0..<10).map { _ in Chore(byteCount: ComputeThreads.byteLimit, begun: begun) }
        for (index, task) in tasks.enumerated() {
            threads.add(task, neededAt: Time(nanoseconds: Int64(index)), number: UInt64(index))
        }
        var computed: Int { tasks.map(\.timesComputed).reduce(0, +) }
        for _ in 0..<4 { begun.wait() }
        #expect(computed == 4)
        threads.release(tasks[0])
        begun.wait()
        #expect(computed == 5)
    }

    /// What nobody waits for any more is left, and whoever is at something is waited for.
    @Test func theEndWaitsForWhoIsAtIt() {
        let (begun, mayGoOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let tasks = (0..<5).map { _ in Chore(begun: begun, mayGoOn: mayGoOn) }
        do {
            let threads = ComputeThreads(count: 2)
            for (index, task) in tasks.enumerated() {
                threads.add(task, neededAt: Time(nanoseconds: Int64(index)), number: UInt64(index))
            }
            begun.wait()
            for _ in tasks { mayGoOn.signal() }
        }
        #expect(tasks[0].timesComputed == 1)
        #expect(tasks.map(\.timesComputed).allSatisfy { $0 <= 1 })
    }
}
