import Runtime
import Testing

@testable import OpenTransport

/// Who is not let in, and what people are told.
@Suite(.serialized) struct EngineRefusalTests {
    private let small = SmallGroup()

    /// What the founder and a stranger are told of each other.
    private func meet(_ stranger: OpenIdentity, _ run: LinkRun = TestPeer.run(), clock: TestClock = TestClock()) throws
        -> (told: Refusal?, founder: TestPeer)
    {
        let first = try TestPeer(small.identity(20), clock: clock)
        let second = try TestPeer(stranger, run, seeds: [first.port], clock: clock)
        var told: Refusal?
        #expect(
            second.waits { log in
                for case .notAdmitted(let refusal, _) in log.notices { told = refusal }
                for case .refused(let refusal, _) in log.notices { told = told ?? refusal }
                return told != nil
            })
        #expect(second.log.openCount == 0 && first.log.openCount == 0)
        second.stop()
        return (told, first)
    }

    @Test func anotherGroup() throws {
        let other = SmallGroup("lab", number: 2)
        let (told, first) = try meet(other.identity(30))
        #expect(told == .otherGroup)
        first.stop()
    }

    @Test func anExpiredInvitation() throws {
        let clock = TestClock()
        let key = SmallGroup.key(30)
        let identity = OpenIdentity(key: key, credentials: small.invited(key), trust: small.trust)
        clock.advance(seconds: 8 * SmallGroup.day)
        let (told, first) = try meet(identity, clock: clock)
        #expect(told == .expired)
        first.stop()
    }

    @Test func anotherExperiment() throws {
        let (told, first) = try meet(small.identity(30), TestPeer.run(experiment: 8))
        #expect(told == .otherExperiment)
        first.stop()
    }

    @Test func whoIsNotOnTheListOfAllowedPeers() throws {
        let first = try TestPeer(small.identity(20, allowed: [SmallGroup.key(31).publicKey.id]))
        let second = try TestPeer(small.identity(30), seeds: [first.port])
        #expect(
            second.waits { $0.notices.contains { if case .notAdmitted(.notAllowed, _) = $0 { true } else { false } } })
        let third = try TestPeer(small.identity(31), seeds: [first.port])
        #expect(third.waits { $0.linked.contains(first.id) })
        for peer in [first, second, third] { peer.stop() }
    }

    private func strict(_ number: UInt8, revoking other: UInt8) -> OpenIdentity {
        let key = SmallGroup.key(number)
        var trust = small.trust
        trust.revocations = small.revoking(SmallGroup.key(other).publicKey.id)
        return OpenIdentity(key: key, credentials: small.member(key), trust: trust)
    }

    private func isTold(_ notice: OpenNotice, _ refusal: Refusal) -> Bool {
        if case .notAdmitted(refusal, _) = notice { true } else { false }
    }

    private func isRefusing(_ notice: OpenNotice, _ refusal: Refusal) -> Bool {
        if case .refused(refusal, _) = notice { true } else { false }
    }

    /// TLS has no word for it by then.
    @Test func whoWasRevokedIsTold() throws {
        let first = try TestPeer(strict(20, revoking: 30))
        let second = try TestPeer(small.identity(30), seeds: [first.port])
        #expect(second.waits { $0.notices.contains { isTold($0, .revoked) } })
        #expect(first.waits { $0.notices.contains { isRefusing($0, .revoked) } })
        for peer in [first, second] { peer.stop() }
    }

    /// Others may be well, so that the one who dialed goes on.
    @Test func aSeedThatWasRevokedIsNoEnd() throws {
        let first = try TestPeer(small.identity(30))
        let second = try TestPeer(strict(20, revoking: 30), seeds: [first.port])
        #expect(second.waits { $0.notices.contains { isRefusing($0, .revoked) } })
        #expect(!second.log.notices.contains { isTold($0, .revoked) })
        #expect(first.waits { $0.notices.contains { isTold($0, .revoked) || isRefusing($0, .revoked) } })
        for peer in [first, second] { peer.stop() }
    }

    @Test func aRevocationSpreadsAndClosesLinks() throws {
        let first = try TestPeer(small.identity(20))
        let second = try TestPeer(small.identity(21), seeds: [first.port])
        let bad = try TestPeer(small.identity(22), seeds: [first.port])
        #expect(bad.waits { $0.linked.count == 2 })
        var strict = small.trust
        strict.revocations = small.revoking(bad.id)
        let key = SmallGroup.key(23)
        let bringer = try TestPeer(
            OpenIdentity(key: key, credentials: small.member(key), trust: strict), seeds: [first.port])
        #expect(bad.waits { $0.linked.isEmpty })
        #expect(
            bad.waits { $0.closed.contains("closed by the other side: this side is a member of the group no longer") })
        for peer in [first, second] {
            #expect(peer.waits { $0.revocations.count == 1 && !$0.linked.contains(bad.id) })
        }
        // It is the group's own word, which ends the run there.
        #expect(bad.waits { $0.notices.contains(.excluded(.revoked)) && $0.revocations.count == 1 })
        for peer in [first, second, bad, bringer] { peer.stop() }
    }

    @Test func aRevocationAtAMemberSpreadsFromThere() throws {
        let first = try TestPeer(small.identity(20))
        let bad = try TestPeer(small.identity(22), seeds: [first.port])
        #expect(bad.waits { $0.linked.count == 1 })
        first.revoke(small.revoking(bad.id))
        #expect(bad.waits { $0.linked.isEmpty && $0.notices.contains(.excluded(.revoked)) })
        #expect(first.log.revocations.count == 1)
        for peer in [first, bad] { peer.stop() }
    }

    @Test func aMembershipThatEndsClosesLinks() throws {
        let clock = TestClock()
        let first = try TestPeer(small.identity(20), clock: clock)
        let key = SmallGroup.key(30)
        let invited = OpenIdentity(key: key, credentials: small.invited(key), trust: small.trust)
        let second = try TestPeer(invited, seeds: [first.port], clock: clock)
        let third = try TestPeer(small.identity(21), seeds: [first.port], clock: clock)
        #expect(first.waits { $0.linked.count == 2 })
        clock.advance(seconds: 8 * SmallGroup.day)
        #expect(second.waits { $0.notices.contains(.excluded(.expired)) })
        #expect(first.waits { !$0.linked.contains(second.id) })
        #expect(third.waits { $0.linked.contains(first.id) })
        for peer in [first, second, third] { peer.stop() }
    }

    @Test func aPortInUse() throws {
        let first = try TestPeer(small.identity(20))
        let error = #expect(throws: (any Error).self) {
            try TestPeer(small.identity(21)) { $0.listen = Seed(listening: "127.0.0.1:\(first.port)") }
        }
        #expect("\(try #require(error))".contains("another process listens there"))
        first.stop()
    }
}
