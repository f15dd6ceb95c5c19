import Testing

@testable import Membership

@Suite struct LocalMemberComparisonTests {
    /// Two members that know others, after a link between them has carried what they have to say.
    private func compared(_ one: [Record], _ other: [Record]) -> (one: Driven, other: Driven) {
        var (left, right) = (Driven(1), Driven(2))
        left.open(8, 8)
        right.open(9, 9)
        left.receive(one, on: 8)
        right.receive(other, on: 9)
        var (toRight, toLeft): ([MembershipItem], [MembershipItem]) = ([], [])
        func sent(_ effects: [MembershipEffect]) -> [MembershipItem] {
            effects.compactMap { if case .send(let item, LinkNumber(1)) = $0 { item } else { nil } }
        }
        let (greeting, answer) = (left.member.greeting, right.member.greeting)
        toLeft += sent(right.handle(.opened(LinkNumber(1), attempt: nil, greeting)))
        toRight += sent(left.handle(.opened(LinkNumber(1), attempt: 1, answer)))
        for _ in 0..<100 {
            for item in toRight { toLeft += sent(right.handle(.received(item, LinkNumber(1)))) }
            toRight = []
            for item in toLeft { toRight += sent(left.handle(.received(item, LinkNumber(1)))) }
            toLeft = []
        }
        return (left, right)
    }

    @Test func bothKnowAllAfterwards() {
        let (one, other) = compared((20...120).map { record($0) }, (100...250).map { record($0) })
        #expect(one.member.memberCount == 235 && other.member.memberCount == 235)
        #expect(one.member.table.digests == other.member.table.digests)
    }

    @Test func theNewerBeatIsTakenWithoutACard() {
        let (one, other) = compared([record(20), record(20, .lost), record(21, beat: 4)], [record(20, beat: 2)])
        #expect(one.member.standing(of: name(20)) == .alive)
        #expect(other.member.standing(of: name(21)) == .alive)
    }

    @Test func whereOneIsLostToOneOfThemTheOtherSuspects() {
        let (one, other) = compared([record(20), record(20, .lost)], [record(20)])
        #expect(one.member.standing(of: name(20)) == .lost)
        #expect(other.member.standing(of: name(20)) == .lost)
        let (late, alive) = compared([record(20), record(20, .lost, ageSeconds: 59)], [record(20)])
        #expect(late.member.standing(of: name(20)) == .lost && alive.member.standing(of: name(20)) == .lost)
    }

    @Test func whatIsNotAsItShouldBeIsIgnored() {
        var driven = Driven(1)
        driven.open(1, 5)
        driven.receive([], on: 1)
        #expect(driven.handle(.received(.digests([1, 2]), LinkNumber(1))).isEmpty)
        #expect(driven.handle(.received(.digests([]), LinkNumber(7))).isEmpty)
        let strangers = (0..<6000).map {
            MemberListing(id: MemberID(UInt64($0), 1, 0, 0), version: record(1).version)
        }
        driven.handle(.received(.versions(buckets: .max, members: strangers), LinkNumber(1)))
        #expect(driven.member.links[0].wants.count <= 4096)
    }
}
