import Testing

@testable import Membership

@Suite struct MemberTableTests {
    private func entry(_ number: UInt64, _ standing: Standing = .alive, beat: UInt64 = 1) -> MemberEntry {
        MemberEntry(
            card: card(number), version: MemberVersion(incarnation: 1, beat: beat, standing: standing),
            reachability: .unknown, signature: [], heardSeconds: 0)
    }

    /// The digest is of who is there, whatever the order in which they came, their beats and who was lost.
    @Test func theDigestTellsWhoIsThere() {
        var (one, other) = (MemberTable(), MemberTable())
        for number in 1...20 { one.insert(entry(UInt64(number))) }
        for number in (1...20).reversed() { other.insert(entry(UInt64(number), beat: 9)) }
        #expect(one.digests == other.digests)
        other.insert(entry(21, .lost))
        #expect(one.digest == other.digest && other.presentCount == 20)
        let place = other.place(of: name(7))!
        other.update(place) { $0.version.standing = .suspect }
        #expect(one.digest == other.digest)
        other.update(place) { $0.version.standing = .lost }
        #expect(one.digest != other.digest && other.presentCount == 19)
        #expect(
            one.digests.indices.filter { one.digests[$0] != other.digests[$0] } == [MemberTable.bucket(of: name(7))])
    }

    @Test func whoIsTakenOutIsReplacedByTheLast() {
        var table = MemberTable()
        let empty = table.digest
        for number in 1...3 { table.insert(entry(UInt64(number))) }
        table.remove(name(1))
        table.remove(name(9))
        #expect(table.entries.map(\.card.id) == [name(3), name(2)])
        #expect(table.place(of: name(3)) == 0 && table.place(of: name(1)) == nil)
        table.remove(name(3))
        table.remove(name(2))
        #expect(table.digest == empty && table.presentCount == 0)
    }
}
