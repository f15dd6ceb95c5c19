import Glibc
import Testing

@testable import OpenTransport

/// What no member of good will sends, and what becomes of who sends it. All that they share is a link that goes on.
@Suite(.serialized) struct EngineHostilityTests {
    private let small = SmallGroup()

    private func isBreach(_ notice: OpenNotice) -> Bool { if case .breach = notice { true } else { false } }

    /// Lets a member send something once it has greeted or before, and expects that the link ends for a breach.
    private func expectBreach(
        greets: Bool = true, clock: TestClock = TestClock(), _ send: (RawPeer, _ session: UInt32) throws -> Void,
        file: String = #fileID, line: Int = #line
    ) throws {
        let first = try TestPeer(small.identity(20), clock: clock)
        let raw = try RawPeer(port: first.port)
        try raw.secure(small.identity(40))
        try send(raw, greets ? raw.greet(small.identity(40)) : 0)
        let place = SourceLocation(fileID: file, filePath: file, line: line, column: 1)
        #expect(first.waits { $0.notices.contains(where: isBreach) }, sourceLocation: place)
        #expect(first.waits { $0.links.isEmpty }, sourceLocation: place)
        // Who has not kept to the protocol is not let in again for a while.
        let again = try RawPeer(port: first.port)
        try again.secure(small.identity(40))
        #expect(try again.next() == nil, sourceLocation: place)
        for peer in [raw, again] { peer.end() }
        first.stop()
    }

    @Test func bytesThatAreNoItem() throws {
        try expectBreach { raw, _ in try raw.write([UInt8](repeating: 0xee, count: 100)) }
    }

    @Test func anItemThatIsTooLong() throws {
        try expectBreach { raw, _ in try raw.write([3, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0]) }
    }

    @Test func aPingBeforeTheGreeting() throws {
        try expectBreach(greets: false) { raw, _ in
            try raw.write(Item(number: 0, content: .ping(Ping(degree: 0, digest: 0, records: []))))
        }
    }

    @Test func aRecordThatIsNone() throws {
        try expectBreach { raw, _ in
            try raw.write(Item(number: 0, content: .ping(Ping(degree: 0, digest: 0, records: [[1, 2, 3]]))))
        }
    }

    @Test func aFrameThatNoNodeSends() throws {
        let opening = FrameOpening(encoding: .none, payloadByteCount: 0, header: [UInt8](repeating: 9, count: 64))
        try expectBreach { raw, _ in try raw.write(Item(number: 1, content: .frame(opening))) }
    }

    @Test func aModelThatIsTooLarge() throws {
        let opening = FrameOpening(
            encoding: .fp32, payloadByteCount: 1 << 40, header: [UInt8](repeating: 9, count: 64))
        try expectBreach { raw, _ in try raw.write(Item(number: 1, content: .frame(opening))) }
    }

    @Test func partsThatNobodyAskedFor() throws {
        try expectBreach { raw, _ in try raw.write(Item(number: 1, content: .chunk([1, 2, 3, 4]))) }
    }

    @Test func morePingsThanAnyoneNeeds() throws {
        let ping = Item(number: 0, content: .ping(Ping(degree: 0, digest: 0, records: []))).encoded
        try expectBreach { raw, _ in
            // The link may end before all are out.
            for _ in 0..<100 { try? raw.write(Array(repeatElement(ping, count: 20).joined())) }
        }
    }

    @Test func aModelThatIsNoNumber() throws {
        for value in [Float.nan, .infinity] {
            try expectBreach { raw, session in
                try raw.send([Float](repeating: 1, count: 249) + [value], session: session)
            }
        }
    }

    @Test func aFrameThatCameBefore() throws {
        try expectBreach { raw, session in
            for number in 1...2 as ClosedRange<UInt64> { try raw.send(nil, session: session, number: number) }
        }
        // And one with the number of one before.
        try expectBreach { raw, session in
            for sequence in 1...2 as ClosedRange<UInt64> { try raw.send(nil, session: session, sequence: sequence) }
        }
        // And one of an earlier session.
        try expectBreach { raw, session in try raw.send(nil, session: session - 1) }
    }

    @Test func aModelThatCrawls() throws {
        let clock = TestClock()
        try expectBreach(clock: clock) { raw, session in
            try raw.send(numbers(250, 0), session: session, byteCount: 100)
            // Signs of life are no model.
            for _ in 0..<8 {
                clock.advance(seconds: 8)
                try raw.write(Item(number: 0, content: .ping(Ping(degree: 0, digest: 0, records: []))))
            }
        }
    }

    @Test func bytesThatAreChangedOnTheirWay() throws {
        let clock = TestClock()
        let first = try TestPeer(small.identity(20), clock: clock)
        let second = try TestPeer(small.identity(21), seeds: [first.port], clock: clock)
        #expect(first.waits { $0.linked.contains(second.id) })
        let raw = try RawPeer(port: first.port)
        try raw.secure(small.identity(40))
        try raw.greet(small.identity(40))
        #expect(first.waits { $0.linked.count == 2 })
        // A record that TLS cannot have sealed; nothing of it is read, and nobody is blamed.
        raw.sendPlain([0x17, 3, 3, 0, 64] + [UInt8](repeating: 7, count: 64))
        #expect(first.waits { $0.linked == [second.id] })
        #expect(!first.log.notices.contains(where: isBreach))
        second.send(numbers(250, 1), to: first.id)
        #expect(first.waits { $0.received.count == 1 })
        first.stop()
        second.stop()
    }

    @Test func aGreetingInAnothersName() throws {
        let first = try TestPeer(small.identity(20))
        let raw = try RawPeer(port: first.port)
        try raw.secure(small.identity(40))
        try raw.write(Item(number: 0, content: .hello(raw.hello(small.identity(41)))))
        #expect(try raw.isEndedForBreach())
        #expect(first.waits { $0.notices.contains(where: isBreach) && $0.openCount == 0 })
        raw.end()
        first.stop()
    }

    @Test func aGreetingThatDoesNotCome() throws {
        let clock = TestClock()
        let first = try TestPeer(small.identity(20), clock: clock)
        let raw = try RawPeer(port: first.port)
        try raw.secure(small.identity(40))
        // Half a greeting is none.
        try raw.write(Array(Item(number: 0, content: .hello(raw.hello(small.identity(40)))).encoded.prefix(50)))
        clock.advance(seconds: 6)
        #expect(try raw.next() == nil)
        first.stop()
    }

    @Test func whatIsNoTLSIsClosed() throws {
        let first = try TestPeer(small.identity(20))
        let raw = try RawPeer(port: first.port)
        raw.sendPlain(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        #expect(raw.isClosed)
        first.stop()
    }

    @Test func aFloodOfStrangersLeavesLinksAlone() throws {
        let clock = TestClock()
        let first = try TestPeer(small.identity(20), clock: clock)
        let second = try TestPeer(small.identity(21), seeds: [first.port], clock: clock)
        #expect(first.waits { $0.linked.contains(second.id) })
        // As many as the system gives files for, half of them with garbage.
        var strangers: [RawPeer] = []
        for number in 0..<200 {
            guard let stranger = try? RawPeer(port: first.port) else { break }
            if number % 2 == 0 { stranger.sendPlain([UInt8](repeating: 0x16, count: 50)) }
            strangers.append(stranger)
        }
        for number in 0..<50 {
            first.send(numbers(250, number), to: second.id)
            second.send(numbers(250, number), to: first.id)
        }
        for peer in [first, second] { #expect(peer.waits { $0.received.count == 50 }) }
        // Who says nothing is closed in time.
        clock.advance(seconds: 11)
        #expect(!strangers.contains { !$0.isClosed })
        #expect(first.log.openCount == 1)
        first.stop()
        second.stop()
    }
}
