import Testing

@testable import Membership

@Suite struct LocalMemberRecordsTests {
    /// Member 5 with links 1 to members 1 and 2, which know of member 9.
    private func group() -> Driven {
        var driven = Driven(5)
        driven.open(1, 1)
        driven.open(2, 2)
        driven.receive([record(9)], on: 1)
        return driven
    }

    @Test func newsGoToWhoDoesNotKnowThem() {
        var driven = group()
        driven.run(seconds: 3, hearing: [1, 2])
        let effects = driven.receive([record(7)], on: 1) + driven.run(seconds: 1, hearing: [1, 2])
        #expect(effects.records(to: 2).contains { $0.id == name(7) && $0.card == nil })
        #expect(!effects.records(to: 1).contains { $0.id == name(7) })
        #expect(driven.run(seconds: 3, hearing: [1, 2]).records(to: 2).isEmpty)
    }

    @Test func ofWhomThereIsNoCardItIsAskedFor() {
        var driven = group()
        let beat = Record(
            id: name(8), version: MemberVersion(incarnation: 1, beat: 3, standing: .alive), reachability: .unknown,
            ageSeconds: 0, card: nil, signature: [])
        #expect(driven.receive([beat], on: 1).wants == [Want(id: name(8), knownIncarnation: nil)])
        #expect(driven.receive([beat], on: 2).wants.isEmpty)
        #expect(driven.member.standing(of: name(8)) == nil)
        // The first one is slow: the other one is asked.
        #expect(driven.run(seconds: 1, hearing: [1, 2]).wants.map(\.id) == [name(8)])
        driven.receive([record(8, beat: 3)], on: 2)
        #expect(driven.member.standing(of: name(8)) == .alive)
        #expect(driven.receive([record(8, incarnation: 2, .suspect)], on: 1).wants.map(\.knownIncarnation) == [1])
    }

    @Test func ownSuspicionIsRefutedByTheNextBeat() {
        var driven = group()
        let effects = driven.receive([record(5, .suspect)], on: 1) + driven.run(seconds: 1, hearing: [1, 2])
        for link in [1, 2] as [UInt64] {
            #expect(effects.records(to: link).filter { $0.id == name(5) }.map(\.version.beat) == [2])
        }
        #expect(driven.member.doubt == 1)
        driven.receive([record(5, .lost)], on: 2)
        #expect(driven.member.own.version.beat == 2)
    }

    /// Nobody signs a mark: one of a beat that never was moves nothing out of the member's reach.
    @Test func aMarkThatIsMadeUpIsRefuted() {
        var driven = group()
        driven.receive([record(9, beat: .max, .lost), record(5, beat: .max, .suspect)], on: 1)
        #expect(driven.member.standing(of: name(9)) == .lost && driven.member.own.version.beat == 2)
        #expect(driven.receive([record(9, beat: 2)], on: 2).notices == [.returned(name(9))])
    }

    @Test func anotherProcessWithTheSameKeyIsTold() {
        var driven = group()
        #expect(driven.receive([record(5, incarnation: 2)], on: 1).notices == [.replacedElsewhere])
    }

    @Test func aSuspectIsLostUnlessItBeats() {
        var driven = group()
        #expect(driven.receive([record(9, .suspect)], on: 1).notices == [.suspected(name(9))])
        #expect(driven.run(seconds: 14.5, hearing: [1, 2]).notices.isEmpty)
        #expect(driven.run(seconds: 1, hearing: [1, 2]).notices == [.lost(name(9), hasLeft: false)])
        driven.receive([record(9, beat: 2)], on: 1)
        driven.receive([record(9, beat: 2, .suspect)], on: 1)
        driven.run(seconds: 10, hearing: [1, 2])
        driven.receive([record(9, beat: 3)], on: 2)
        #expect(driven.run(seconds: 20, hearing: [1, 2]).notices.isEmpty)
    }

    @Test func whoDoubtsItselfIsMorePatient() {
        var driven = group()
        driven.receive([record(5, .suspect)], on: 1)
        driven.receive([record(9, .suspect)], on: 1)
        #expect(driven.run(seconds: 29, hearing: [1, 2]).notices.isEmpty)
        #expect(driven.run(seconds: 2, hearing: [1, 2]).notices == [.lost(name(9), hasLeft: false)])
    }

    @Test func oldRumoursAreDroppedOrSuspectedAgain() {
        var driven = group()
        driven.receive([record(9, .lost, ageSeconds: 61)], on: 1)
        #expect(driven.member.standing(of: name(9)) == .alive)
        // Where lists are compared the two must come to agree: the one in question will say.
        driven.handle(.received(.records([record(9, .lost, ageSeconds: 61)]), LinkNumber(1)))
        #expect(driven.member.standing(of: name(9)) == .suspect)
    }

    @Test func whomOneHearsIsNotLost() {
        var driven = group()
        driven.receive([record(1, .lost)], on: 2)
        #expect(driven.member.standing(of: name(1)) == .suspect)
        #expect(driven.run(seconds: 0.5, hearing: [1, 2]).records(to: 1).contains { $0.version.standing == .suspect })
        let later = driven.run(seconds: 20, hearing: [1, 2]).notices
        #expect(!later.contains { if case .lost = $0 { true } else { false } })
    }

    @Test func aMemberWithoutBeatsIsLostAfterItsLease() {
        var driven = group()
        driven.run(seconds: 1190, hearing: [1, 2])
        #expect(driven.member.standing(of: name(9)) == .alive)
        driven.run(seconds: 30, hearing: [1, 2])
        #expect(driven.member.standing(of: name(9)) == .lost)
    }

    @Test func theTableIsBounded() {
        var driven = group()
        for number in 0..<5000 {
            let id = MemberID(UInt64(number) << 40 | 1, 0, 0, 0)
            let stranger = Record(
                id: id, version: MemberVersion(incarnation: 1, beat: 1, standing: .alive), reachability: .unknown,
                ageSeconds: 0, card: Card(id: id, incarnation: 1, addresses: [], proof: []), signature: [])
            driven.receive([stranger], on: 1)
        }
        #expect(driven.member.memberCount == 4096)
        driven.receive([record(9, .lost)], on: 1)
        driven.receive([record(10)], on: 1)
        #expect(driven.member.standing(of: name(10)) == .alive && driven.member.standing(of: name(9)) == nil)
    }

    @Test func aRestartIsANewMember() {
        var driven = group()
        driven.receive([record(9, .lost)], on: 1)
        #expect(driven.receive([record(9, incarnation: 2)], on: 2).notices == [.appeared(name(9))])
        driven.receive([record(9, incarnation: 1, beat: 99)], on: 2)
        #expect(driven.member.table[name(9)]?.card.incarnation == 2)
    }

    @Test func whoLeavesSaysSo() {
        var driven = group()
        let effects = driven.handle(.leave)
        #expect(effects.records(to: 1).map(\.version.standing) == [.lost])
        #expect(effects.closed == [LinkNumber(1), LinkNumber(2)])
        #expect(driven.run(seconds: 60).isEmpty)
        var other = Driven(1)
        other.open(1, 5)
        other.receive([], on: 1)
        #expect(other.receive(effects.records(to: 1), on: 1).notices == [.suspected(name(5))])
        #expect(other.handle(.closed(LinkNumber(1), .left)).notices == [.lost(name(5), hasLeft: true)])
    }

    /// Those who hear of it by others tell the two apart by how long the lost was suspected.
    @Test func whoLeftAndWhoWasSilentAreToldApart() {
        var driven = group()
        #expect(driven.receive([record(9, .lost)], on: 1).notices == [.lost(name(9), hasLeft: true)])
        driven.receive([record(8)], on: 1)
        driven.receive([record(8, .suspect)], on: 2)
        driven.run(seconds: 1, hearing: [1, 2])
        #expect(driven.receive([record(8, .lost)], on: 2).notices == [.lost(name(8), hasLeft: true)])
        driven.receive([record(7)], on: 1)
        driven.receive([record(7, .suspect)], on: 1)
        driven.run(seconds: 14, hearing: [1, 2])
        #expect(driven.receive([record(7, .lost)], on: 1).notices == [.lost(name(7), hasLeft: false)])
        // In a comparison of lists it may have been any time.
        driven.receive([record(6)], on: 1)
        let compared = driven.handle(.received(.records([record(6, .lost)]), LinkNumber(1)))
        #expect(compared.notices == [.lost(name(6), hasLeft: nil)])
    }
}
