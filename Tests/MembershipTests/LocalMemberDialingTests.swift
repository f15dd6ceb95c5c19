import Testing

@testable import Membership

@Suite struct LocalMemberDialingTests {
    /// A member with seeds founds nothing: it dials them, ever more seldom, and says that it waits.
    @Test func aMemberWithSeedsWaitsForThem() {
        var driven = Driven(1, seeds: [address(7), address(8)])
        let first = driven.run(seconds: 1)
        #expect(Set(first.dials.flatMap(\.addresses)) == [address(7), address(8)] && first.notices.isEmpty)
        var (dials, notices): (Int, [MembershipNotice]) = (0, [])
        var open = first.dials
        for _ in 0..<300 {
            for dial in open { driven.handle(.dialFailed(attempt: dial.attempt)) }
            let effects = driven.run(seconds: 1)
            open = effects.dials
            dials += open.count
            notices += effects.notices
        }
        // After 2, 4, 8, 16 and then every 30 s.
        #expect(20...28 ~= dials && Set(notices) == [.waitsForSeeds])
    }

    @Test func aMemberHasJoinedWhenItIsNotRefused() {
        var driven = Driven(1, seeds: [address(7)])
        let attempt = driven.run(seconds: 0.25).dials[0].attempt
        #expect(driven.open(1, 7, attempt: attempt).notices == [.appeared(name(7))])
        let refusal = driven.handle(.received(.refusal(records: [record(8)]), LinkNumber(1)))
        #expect(refusal.notices == [.appeared(name(8))])
        driven.handle(.closed(LinkNumber(1), .full))
        // Who was named is dialed, and who had no room left alone.
        let next = driven.run(seconds: 0.25).dials
        #expect(next.map(\.addresses) == [[address(8)]])
        driven.open(2, 8, attempt: next[0].attempt)
        #expect(driven.receive([], on: 2).notices == [.joined(through: name(8))])
    }

    /// Bytes may still be those of a refusal; a frame is not, and may come long before the first ping.
    @Test func whoIsSentWhatOnlyPartnersAreSentHasJoined() {
        var driven = Driven(1, seeds: [address(7)])
        let attempt = driven.run(seconds: 0.25).dials[0].attempt
        driven.open(1, 7, attempt: attempt)
        #expect(driven.handle(.heard(LinkNumber(1))).notices.isEmpty)
        #expect(driven.handle(.admitted(LinkNumber(1))).notices == [.joined(through: name(7))])
        #expect(driven.handle(.admitted(LinkNumber(1))).notices.isEmpty)
    }

    @Test func missingLinksAreDialedAtOnce() {
        var driven = Driven(1)
        driven.open(1, 30)
        driven.receive((10...20).map { record($0) }, on: 1)
        let dials = driven.run(seconds: 0.25, hearing: [1]).dials
        #expect(dials.count == 5 && Set(dials.flatMap(\.addresses)).count == 5)
        #expect(driven.run(seconds: 5, hearing: [1]).dials.isEmpty)
        // One that fails is replaced by another one.
        driven.handle(.dialFailed(attempt: dials[0].attempt))
        let next = driven.run(seconds: 1, hearing: [1]).dials
        #expect(next.count == 1 && next[0].addresses != dials[0].addresses)
    }

    @Test func whoCannotBeDialedIsNot() {
        var driven = Driven(1)
        driven.open(1, 30)
        driven.receive([record(10, reachability: .unreachable), record(11, reachability: .unknown)], on: 1)
        #expect(driven.run(seconds: 5, hearing: [1]).dials.map(\.addresses) == [[address(11)]])
    }

    @Test func theAnswerOfTheDialBackIsTold() {
        var driven = Driven(1)
        driven.open(1, 30)
        driven.handle(.dialedBack(isReachable: false))
        driven.handle(.dialedBack(isReachable: false))
        let told = driven.run(seconds: 1, hearing: [1]).records(to: 1).filter { $0.id == name(1) }
        #expect(told.map(\.reachability) == [.unreachable] && told.map(\.version.beat) == [2])
    }

    @Test func oneOfTheLostIsDialedNowAndThen() {
        var driven = Driven(1)
        for number in 10...15 { driven.open(UInt64(number), UInt64(number)) }
        driven.receive([record(20), record(20, .lost)], on: 10)
        var dials = 0
        for _ in 0..<300 {
            for dial in driven.run(seconds: 1, hearing: Array(10...15)).dials where dial.addresses == [address(20)] {
                dials += 1
                driven.handle(.dialFailed(attempt: dial.attempt))
            }
        }
        #expect(8...13 ~= dials)
    }

    /// A seed that belongs to nobody it knows may be of another part of the group.
    @Test func aSeedThatNobodyHasIsDialedNowAndThen() {
        var driven = Driven(1, seeds: [address(10), address(30)])
        for number in 10...15 { driven.open(UInt64(number), UInt64(number)) }
        var dialed: [[MemberAddress]] = []
        for _ in 0..<150 {
            for dial in driven.run(seconds: 1, hearing: Array(10...15)).dials {
                dialed.append(dial.addresses)
                driven.handle(.dialFailed(attempt: dial.attempt))
            }
        }
        #expect(4...7 ~= dialed.count && Set(dialed) == [[address(30)]])
    }

    /// A link is swapped for one to somebody new every minute: dialed first, and another one let go then.
    @Test func linksAreSwapped() {
        var driven = Driven(1)
        for number in 10...15 { driven.open(UInt64(number), UInt64(number), degree: 8) }
        driven.receive([record(20)], on: 10)
        var effects = driven.run(seconds: 100, hearing: Array(10...15))
        #expect(effects.dials.map(\.addresses) == [[address(20)]] && effects.closed.isEmpty)
        driven.open(16, 20, attempt: effects.dials[0].attempt)
        effects = driven.run(seconds: 3, hearing: Array(10...16))
        #expect(effects.closed.count == 1 && effects.closed != [LinkNumber(16)])
        #expect(driven.member.partners.count == 6)
    }
}
