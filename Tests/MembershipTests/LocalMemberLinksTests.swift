import Testing

@testable import Membership

@Suite struct LocalMemberLinksTests {
    /// Where two dial each other the lower name's connection stays, whichever opens first at whichever end.
    @Test(arguments: [true, false], [true, false])
    func ofTwoConnectionsTheLowersStays(isLower: Bool, ownIsFirst: Bool) {
        var driven = Driven(isLower ? 1 : 9)
        let (own, theirs): (UInt64, UInt64) = (11, 12)
        let effects =
            ownIsFirst
            ? driven.open(own, 5, attempt: 1) + driven.open(theirs, 5)
            : driven.open(theirs, 5) + driven.open(own, 5, attempt: 1)
        #expect(driven.member.links.map(\.number) == [LinkNumber(isLower ? own : theirs)])
        #expect(effects.closed == [LinkNumber(isLower ? theirs : own)])
    }

    @Test func aConnectionOfTheSameDialerOrOfARestartReplacesTheOld() {
        var driven = Driven(1)
        driven.open(1, 5)
        #expect(driven.open(2, 5).closed == [LinkNumber(1)])
        driven.open(3, 6, attempt: 1)
        #expect(driven.open(4, 6).closed == [LinkNumber(4)])
        #expect(driven.open(5, 6, incarnation: 2).closed == [LinkNumber(3)])
        #expect(driven.member.partners == [name(5), name(6)])
    }

    @Test func oneselfIsNoPartner() {
        var driven = Driven(1)
        #expect(driven.open(1, 1, attempt: 1).closed == [LinkNumber(1)])
        #expect(driven.member.partners.isEmpty)
    }

    /// 32 are accepted, up to 64 from those that have no other link; the refused hear of others.
    @Test func whoHasNoLinkIsAcceptedWhereOthersAreNot() {
        var driven = Driven(200)
        for number in 1...32 { driven.open(UInt64(number), UInt64(number), degree: 3) }
        let refused = driven.open(33, 33, degree: 3)
        #expect(refused.closed == [LinkNumber(33)] && refused.records(to: 33).count == 0)
        for number in 34...65 { driven.open(UInt64(number), UInt64(number), degree: 0) }
        #expect(driven.member.partners.count == 64)
        driven.receive((100...120).map { record($0) }, on: 1)
        let last = driven.open(66, 66, degree: 0)
        #expect(last.closed == [LinkNumber(66)])
        #expect(last.records(to: 66).count == 8 && last.records(to: 66).allSatisfy { $0.card != nil })
    }

    /// Above twelve links some go, of partners that have more than they want; those of others stay.
    @Test func onlyPartnersThatCanSpareOneArePruned() {
        var driven = Driven(200)
        for number in 1...20 { driven.open(UInt64(number), UInt64(number), degree: number <= 10 ? 6 : 9) }
        let all = (1...20).map { UInt64($0) }
        let effects = driven.run(seconds: 40, hearing: all)
        #expect(driven.member.partners.count == 12)
        #expect(effects.closed.allSatisfy { $0.number > 10 })
    }

    @Test func aLinkIsPingedOnceASecondAndClosedAfterASilence() {
        var driven = Driven(1)
        driven.open(1, 5)
        driven.open(2, 6)
        let effects = driven.run(seconds: 9.75, hearing: [2])
        let pings = effects.count { if case .send(.ping, LinkNumber(1)) = $0 { true } else { false } }
        #expect(9...11 ~= pings && effects.closed.isEmpty)
        #expect(driven.run(seconds: 0.5, hearing: [2]).closed == [LinkNumber(1)])
    }

    /// A silent partner is dialed once more; only if it does not come back it is suspected, and lost if nobody hears
    /// it.
    @Test func aSilentPartnerIsDialedThenSuspectedThenLost() {
        var driven = Driven(1)
        driven.open(1, 5)
        driven.open(2, 6)
        let silent = driven.run(seconds: 10.25, hearing: [2])
        #expect(silent.dials.map(\.addresses) == [[address(5)]] && silent.notices.filter(isMark).isEmpty)
        #expect(driven.run(seconds: 3, hearing: [2]).notices.filter(isMark) == [.suspected(name(5))])
        #expect(driven.run(seconds: 15.25, hearing: [2]).notices.filter(isMark) == [.lost(name(5), hasLeft: false)])
    }

    @Test func whoComesBackIsNotSuspected() {
        var driven = Driven(1)
        driven.open(1, 5)
        driven.open(2, 6)
        driven.handle(.closed(LinkNumber(1), .broken))
        driven.run(seconds: 1, hearing: [2])
        driven.open(3, 5)
        #expect(driven.run(seconds: 30, hearing: [2, 3]).notices.filter(isMark).isEmpty)
    }

    /// A partner that was heard when its suspicion ran out, and is silent later, is lost all the same.
    @Test func aSuspectThatFallsSilentLaterIsLost() {
        var driven = Driven(1)
        driven.open(1, 5)
        driven.open(2, 6)
        driven.receive([record(5, .suspect)], on: 2)
        driven.run(seconds: 20, hearing: [1, 2])
        #expect(driven.run(seconds: 40, hearing: [2]).notices.filter(isMark) == [.lost(name(5), hasLeft: false)])
    }

    /// A member that was stopped for 15 s blames nobody for it.
    @Test func aLateTickMovesAllDeadlines() {
        var driven = Driven(1)
        driven.open(1, 5)
        driven.open(2, 6)
        driven.receive([record(9), record(9, .suspect)], on: 1)
        driven.run(seconds: 9)
        driven.seconds += 15
        #expect(driven.handle(.tick).closed.isEmpty)
        #expect(driven.member.standing(of: name(9)) == .suspect && driven.member.doubt == 1)
    }

    @Test func whoLosesMostLinksAtOnceDoubtsItself() {
        var driven = Driven(1)
        for number in 5...8 { driven.open(UInt64(number), UInt64(number)) }
        driven.run(seconds: 11, hearing: [5])
        #expect(driven.member.doubt == 1)
    }

    private func isMark(_ notice: MembershipNotice) -> Bool {
        switch notice {
        case .suspected, .lost: true
        default: false
        }
    }
}
