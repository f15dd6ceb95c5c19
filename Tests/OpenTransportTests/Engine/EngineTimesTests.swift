import Runtime
import Testing

@testable import OpenTransport

/// What engines do by their clock, which goes as a test says.
@Suite(.serialized) struct EngineTimesTests {
    private let small = SmallGroup()

    /// One part of a payload a second: what has come is counted after each second of the engines' time.
    @Test func anUploadGoesAtItsRate() throws {
        let part = EngineLimits.chunkByteCount
        // Eight parts.
        let count = 8 * part / 4
        let clock = TestClock(speed: 0)
        let run = TestPeer.run(parameterCount: count)
        let first = try TestPeer(small.identity(20), run, clock: clock)
        let second = try TestPeer(small.identity(21), run, seeds: [first.port], clock: clock) {
            $0.uploadBitsPerSecond = Double(8 * part)
        }
        #expect(first.waits { $0.linked.contains(second.id) } && second.waits { $0.linked.contains(first.id) })
        for number in 0..<2 { second.send(numbers(count, number), to: first.id) }
        for seconds in 0...14 {
            // Two at once to begin with.
            let allowed = (2 + seconds) * part
            #expect(first.waits { _ in first.status().receivedByteCount >= allowed }, "at \(seconds) s")
            // What links say besides is little.
            #expect(first.status().receivedByteCount < allowed + 16_384, "at \(seconds) s")
            clock.advance(seconds: 1)
        }
        #expect(first.waits { $0.received.count == 2 })
        #expect(first.log.received.map(\.values) == [numbers(count, 0), numbers(count, 1)])
        for peer in [first, second] { peer.stop() }
    }

    /// What was under way to somebody who is gone comes back once the doubt is over, and not before; and when that one
    /// is there again after all, both begin anew.
    @Test func aDoubtRunsOut() throws {
        let clock = TestClock()
        let first = try TestPeer(small.identity(20), clock: clock) { $0.doubtSeconds = 1000 }
        do {
            let second = try TestPeer(small.identity(21), seeds: [first.port], clock: clock)
            #expect(first.waits { $0.linked.contains(second.id) })
            first.send(numbers(250, 0), to: second.id)
            #expect(first.waits { $0.deliveredCount == 1 })
            // Its node takes nothing any more, and then its process is gone.
            second.pause()
            for number in 1...3 { first.send(numbers(250, number), to: second.id) }
            #expect(first.waits { $0.messageCount == 4 })
            second.kill()
        }
        #expect(first.waits { $0.links.isEmpty && $0.closed.count == 1 })
        clock.advance(seconds: 900)
        // Ticks have come by then: who comes meanwhile is let in.
        let third = try TestPeer(small.identity(22), seeds: [first.port], clock: clock)
        #expect(first.waits { $0.linked == [third.id] })
        #expect(first.log.doubtsOver == 0 && first.log.returnedCount == 0)
        clock.advance(seconds: 101)
        #expect(first.waits { $0.doubtsOver == 1 && $0.returnedCount == 3 && $0.deliveredCount == 1 })
        let again = try TestPeer(small.identity(21), seeds: [first.port], clock: clock)
        #expect(first.waits { $0.linked == [third.id, again.id] })
        first.send(numbers(250, 4), to: again.id)
        #expect(again.waits { $0.received.map(\.values) == [numbers(250, 4)] })
        #expect(first.waits { $0.deliveredCount == 2 && $0.returnedCount == 3 })
        for peer in [first, third, again] { peer.stop() }
    }
}
