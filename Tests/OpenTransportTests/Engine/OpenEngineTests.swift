import Runtime
import Testing

@testable import OpenTransport

/// Engines on this machine's loopback.
@Suite(.serialized) struct OpenEngineTests {
    private let small = SmallGroup()

    private func pair(_ run: LinkRun = TestPeer.run(), change: (inout OpenSettings) -> Void = { _ in }) throws
        -> (TestPeer, TestPeer)
    {
        let first = try TestPeer(small.identity(20), run, change: change)
        let second = try TestPeer(small.identity(21), run, seeds: [first.port], change: change)
        #expect(first.waits { $0.linked.contains(second.id) })
        #expect(second.waits { $0.linked.contains(first.id) })
        return (first, second)
    }

    @Test(arguments: [250, 1_125_000]) func framesArriveWholeAndInOrder(count: Int) throws {
        let (first, second) = try pair(TestPeer.run(parameterCount: count))
        let messages = count > 10_000 ? 6 : 200
        for number in 0..<messages {
            let values = number % 3 == 2 ? nil : numbers(count, number)
            first.send(values, to: second.id)
            second.send(values, to: first.id)
        }
        for (peer, other) in [(first, second), (second, first)] {
            #expect(peer.waits { $0.received.count == messages && $0.deliveredCount == messages })
            #expect(peer.log.received.allSatisfy { $0.from == other.id })
            let wrong = peer.log.received.enumerated().filter { number, received in
                received.values != (number % 3 == 2 ? nil : numbers(count, number))
            }
            #expect(wrong.map(\.offset) == [])
        }
        first.stop(isFinished: true)
        #expect(second.waits { $0.links.isEmpty && $0.doubtsOver == 1 })
        #expect(second.log.closed == ["closed by the other side: its run is over"])
        second.stop()
    }

    @Test func halvedNumbersTravelWhereBothWantThat() throws {
        let (first, second) = try pair { $0.encoding = .bf16 }
        first.send([1, 1.00390625, -3.14159, 0] + numbers(246, 3), to: second.id)
        #expect(second.waits { $0.received.count == 1 })
        let values = try #require(second.log.received.first?.values)
        #expect(Array(values.prefix(4)) == [1, 1, -3.140625, 0])
        first.stop()
        second.stop()
    }

    @Test func aThirdPeerFindsTheSecondThroughTheFirst() throws {
        let (first, second) = try pair()
        let third = try TestPeer(small.identity(22), seeds: [first.port])
        #expect(third.waits { $0.linked == [first.id, second.id] })
        #expect(second.waits { $0.linked == [first.id, third.id] })
        #expect(third.log.notices.contains { if case .joined(first.id, _, _) = $0 { true } else { false } })
        #expect(Set(third.status().members.map(\.id)) == [first.id, second.id, third.id])
        #expect(third.status().links.count == 2)
        #expect(third.waits { $0.notices.contains { if case .reachability(true, _) = $0 { true } else { false } } })
        for peer in [first, second, third] { peer.stop() }
    }

    @Test func whoLeavesIsToldOf() throws {
        let (first, second) = try pair()
        let third = try TestPeer(small.identity(22), seeds: [first.port])
        #expect(third.waits { $0.linked == [first.id, second.id] })
        third.stop()
        for peer in [first, second] { #expect(peer.waits { $0.notices.contains(.lost(third.id, hasLeft: true)) }) }
        first.stop()
        second.stop()
    }

    @Test func whoIsKilledComesBack() throws {
        let clock = TestClock()
        let first = try TestPeer(small.identity(20), clock: clock)
        do {
            let second = try TestPeer(small.identity(21), seeds: [first.port], clock: clock)
            #expect(first.waits { $0.linked.contains(second.id) })
            second.send(numbers(250, 1), to: first.id)
            #expect(first.waits { $0.received.count == 1 })
            second.kill()
        }
        #expect(first.waits { $0.links.isEmpty })
        clock.advance(seconds: 1)
        let again = try TestPeer(small.identity(21), seeds: [first.port], clock: clock)
        #expect(first.waits { $0.openCount == 2 })
        again.send(numbers(250, 2), to: first.id)
        #expect(first.waits { $0.received.count == 2 })
        first.send(numbers(250, 3), to: again.id)
        #expect(again.waits { $0.received.count == 1 })
        first.stop()
        again.stop()
    }

    @Test func aBrokenConnectionIsAnotherSession() throws {
        let (first, second) = try pair()
        for round in 1...5 {
            for number in 0..<20 {
                first.send(numbers(250, number), to: second.id)
                second.send(numbers(250, number), to: first.id)
            }
            for port in [first.port, second.port] { breakConnections(port: port) }
            #expect(first.waits { $0.openCount > round && $0.links.count == 1 })
            #expect(second.waits { $0.openCount > round && $0.links.count == 1 })
        }
        first.send(nil, to: second.id)
        second.send(nil, to: first.id)
        // Every message was delivered or came back, once, and as many came as were delivered.
        for (peer, other) in [(first, second), (second, first)] {
            #expect(peer.waits { $0.deliveredCount + $0.returnedCount == 101 })
            let delivered = peer.log.deliveredCount
            #expect(other.waits { $0.received.count == delivered })
        }
        first.stop()
        second.stop()
    }

    @Test func whereTwoDialEachOtherOneConnectionStays() throws {
        let first = try TestPeer(small.identity(20))
        let second = try TestPeer(small.identity(21), seeds: [first.port, first.port])
        let third = try TestPeer(small.identity(22), seeds: [first.port, second.port, first.port])
        for peer in [first, second, third] {
            #expect(peer.waits { $0.linked.count == 2 && $0.links.count == 2 })
        }
        for peer in [first, second, third] { peer.stop() }
    }

    /// Where two dial each other one end may give a connection up while the other greets on it: both banned each other
    /// for a minute.
    @Test func aGreetingOnAConnectionThatIsGivenUpIsNoBreach() throws {
        let (lower, higher) = small.identitiesInOrder(20, 21)
        let (listener, port) = try Socket.listening(at: "127.0.0.1", port: 0)
        let peer = try TestPeer(higher, seeds: [port])
        let givenUp = try RawPeer(dialedAt: listener)
        try givenUp.secure(lower, as: .acceptor)
        guard case .hello = try givenUp.next()?.content else { throw RawPeer.Unexpected() }
        let stays = try RawPeer(port: peer.port)
        try stays.secure(lower)
        let session = try stays.greet(lower)
        #expect(try givenUp.next()?.content == .shutdown(.duplicate))
        let ping = Item.Content.ping(Ping(degree: 0, digest: 0, records: []))
        for content in [.hello(givenUp.hello(lower)), ping, .shutdown(.duplicate)] {
            try givenUp.write(Item(number: 0, content: content))
        }
        #expect(try givenUp.next() == nil)
        try stays.send(nil, session: session)
        #expect(peer.waits { $0.received.count == 1 && $0.linked == [lower.key.publicKey.id] })
        #expect(!peer.log.notices.contains { if case .breach = $0 { true } else { false } })
        for raw in [givenUp, stays] { raw.end() }
        peer.stop()
    }

    @Test func whoOnlyAsksIsToldWhatIsTrained() throws {
        let first = try TestPeer(small.identity(20))
        let asker = try TestPeer(small.identity(21), nil, seeds: [first.port])
        #expect(asker.waits { $0.experiments == ["model: tiny\n"] })
        #expect(first.log.openCount == 0)
        asker.stop()
        first.stop()
    }

    @Test func whoOnlyAsksIsToldWhyNobodyAnswers() throws {
        // A port that was free a moment ago.
        let port = try Socket.listening(at: "127.0.0.1", port: 0).port
        let asker = try TestPeer(small.identity(21), nil, seeds: [port])
        #expect(asker.waits { $0.notices.contains(.noPeer("Connection refused", at: "127.0.0.1:\(port)")) })
        asker.stop()
        let lost = try TestPeer(small.identity(21), nil) { $0.seeds = [Seed("nowhere.invalid:1")!] }
        #expect(lost.waits { $0.notices.contains(.noPeer("there is no such host", at: "nowhere.invalid:1")) })
        lost.stop()
    }

    @Test func manyPeersBecomeOneGroup() throws {
        let count = 24
        // All come from one address.
        var limits = EngineLimits()
        (limits.handshakesOfNetwork, limits.handshakesPerSecond) = (limits.handshakes, 200)
        let first = try TestPeer(small.identity(20), limits: limits)
        var peers = [first]
        for number in 1..<count {
            peers.append(try TestPeer(small.identity(20 + UInt8(number)), seeds: [first.port], limits: limits))
        }
        for peer in peers {
            #expect(peer.waits { $0.links.count >= 2 })
        }
        // All know all, which means that there is one component.
        for peer in peers {
            #expect(
                peer.waits { log in
                    log.notices.count { if case .appeared = $0 { true } else { false } } >= count - 1
                        || peer.status().members.count == count
                })
        }
        for peer in peers { peer.stop() }
    }
}
