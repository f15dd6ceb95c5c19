import Membership
import Testing

@testable import OpenTransport

/// What is said of members is believed only where they have said it.
@Suite struct RecordBookTests {
    private let small = SmallGroup()
    private let now = SmallGroup.now

    /// A member with its card and what it signs with.
    private struct Known {
        var book: RecordBook
        var member: LocalMember
        let id: MemberID

        /// Its own record, as it travels.
        mutating func own() -> [UInt8] { book.encoded(member.greeting.record) }
    }

    private func known(_ number: UInt8, addresses: [Seed] = [], incarnation: UInt64 = 3) -> Known {
        let book = RecordBook(small.identity(number))
        let card = book.card(incarnation: incarnation, addresses: addresses)
        return Known(book: book, member: LocalMemberOfTests.member(card), id: card.id)
    }

    @Test func idsTravelBothWays() {
        let id = SmallGroup.key(20).publicKey.id
        #expect(KeyID(id.member) == id)
        let other = SmallGroup.key(21).publicKey.id
        #expect((id < other) == (id.member < other.member))
    }

    @Test func aCardIsBelieved() throws {
        var sender = known(20, addresses: [Seed("10.0.0.1:7946")!, Seed("[fe80::1]:1")!])
        var receiver = known(21)
        let bytes = sender.own()
        #expect(bytes.count <= Item.mostRecordBytes)
        let records = try receiver.book.checked([bytes], receiver.member, now: now)
        #expect(records.count == 1)
        let record = try #require(records.first)
        #expect(record.id == sender.id && record.version.incarnation == 3 && record.version.standing == .alive)
        #expect(record.card?.addresses == [Seed("10.0.0.1:7946")!, Seed("[fe80::1]:1")!].map(\.memberAddress))
        // What was taken in travels on as it came.
        #expect(receiver.book.encoded(record) == bytes)
    }

    @Test func whatWasChangedIsNot() throws {
        var sender = known(20, addresses: [Seed("10.0.0.1:7946")!])
        let bytes = sender.own()
        var believed = 0
        for index in bytes.indices {
            var receiver = known(21)
            var changed = bytes
            changed[index] ^= 1
            let records = (try? receiver.book.checked([changed], receiver.member, now: now)) ?? []
            // Of somebody unknown, without a card, membership only asks.
            believed += records.count { $0.card != nil }
        }
        #expect(believed == 0)
    }

    @Test func whatBreaksOffIsNone() {
        var (sender, receiver) = (known(20), known(21))
        let bytes = sender.own()
        for count in 0..<bytes.count {
            #expect(throws: Breach.record) {
                try receiver.book.checked([Array(bytes.prefix(count))], receiver.member, now: now)
            }
        }
        #expect(throws: Breach.record) { try receiver.book.checked([bytes + [0]], receiver.member, now: now) }
    }

    @Test func strangersTheExpiredAndTheRevokedAreNotBelieved() throws {
        let other = SmallGroup("lab", number: 2)
        var stranger = RecordBook(other.identity(30))
        let foreign = LocalMemberOfTests.member(stranger.card(incarnation: 1, addresses: []))
        var (sender, receiver) = (known(20), known(21))
        #expect(
            try receiver.book.checked([stranger.encoded(foreign.greeting.record)], receiver.member, now: now).isEmpty)
        let later = now + 91 * SmallGroup.day
        #expect(try receiver.book.checked([sender.own()], receiver.member, now: later).isEmpty)
        receiver.book.trust.revocations = small.revoking(KeyID(sender.id))
        #expect(try receiver.book.checked([sender.own()], receiver.member, now: now).isEmpty)
    }

    @Test func onlyOnesOwnKeySaysThatOneWasReplaced() throws {
        var (sender, receiver) = (known(20), known(21))
        let version = MemberVersion(incarnation: 9, beat: 1, standing: .lost)
        let mark = Record(
            id: receiver.id, version: version, reachability: .unknown, ageSeconds: 1, card: nil, signature: [])
        #expect(try receiver.book.checked([sender.book.encoded(mark)], receiver.member, now: now).isEmpty)
        var forged = Record(
            id: receiver.id, version: MemberVersion(incarnation: 9, beat: 1, standing: .alive),
            reachability: .unknown, ageSeconds: 0, card: nil, signature: [UInt8](repeating: 1, count: 64))
        #expect(try receiver.book.checked([sender.book.encoded(forged)], receiver.member, now: now).isEmpty)
        var again = known(21, incarnation: 9)
        forged = again.member.greeting.record
        #expect(try receiver.book.checked([again.book.encoded(forged)], receiver.member, now: now).count == 1)
        let suspicion = Record(
            id: receiver.id, version: MemberVersion(incarnation: 3, beat: 1, standing: .suspect),
            reachability: .unknown, ageSeconds: 1, card: nil, signature: [])
        #expect(try receiver.book.checked([sender.book.encoded(suspicion)], receiver.member, now: now).count == 1)
    }
}
