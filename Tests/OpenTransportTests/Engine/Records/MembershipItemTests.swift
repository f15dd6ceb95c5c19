import Membership
import Testing

@testable import OpenTransport

@Suite struct MembershipItemTests {
    private let version = MemberVersion(incarnation: 5, beat: 6, standing: .suspect)
    private let id = SmallGroup.key(30).publicKey.id.member

    private func bytes(_ item: MembershipItem) throws -> [UInt8] {
        var book = RecordBook(SmallGroup().identity(20))
        let encoded = book.item(item)
        guard case .sync(_, let bytes) = encoded?.content else { throw Breach.record }
        return bytes
    }

    @Test func formsTravel() throws {
        guard case .digests(let digests) = try MembershipReader.digests(bytes(.digests([1, 2, .max]))) else { return }
        #expect(digests == [1, 2, .max])
        let listing = MemberListing(id: id, version: version)
        let versions = try bytes(.versions(buckets: 9, members: [listing, listing]))
        guard case .versions(let buckets, let members) = try MembershipReader.versions(versions) else { return }
        #expect(buckets == 9 && members == [listing, listing])
        let wants = [Want(id: id, knownIncarnation: nil), Want(id: id, knownIncarnation: 4)]
        guard case .wanted(let found) = try MembershipReader.wanted(bytes(.wanted(wants))) else { return }
        #expect(found == wants)
        let mark = Record(
            id: id, version: version, reachability: .unknown, ageSeconds: 1.5, card: nil, signature: [])
        let records = try MembershipReader.records(bytes(.records([mark, mark])))
        #expect(records.count == 2 && RecordBytes(records[0])?.ageSeconds == 1.5)
        #expect(try MembershipReader.records(bytes(.records([]))).isEmpty)
    }

    @Test func theLongestFitsIntoAnItem() throws {
        let listings = [MemberListing](repeating: MemberListing(id: id, version: version), count: 5000)
        let long = try bytes(.versions(buckets: 1, members: listings))
        #expect(long.count < Item.mostBodyBytes)
    }

    @Test func whatBreaksOffIsNone() throws {
        let versions = try bytes(.versions(buckets: 9, members: [MemberListing(id: id, version: version)]))
        for count in 0..<versions.count where count != 8 {
            #expect(throws: Breach.record) { try MembershipReader.versions(Array(versions.prefix(count))) }
        }
        #expect(throws: Breach.record) { try MembershipReader.records([2, 0, 0]) }
        #expect(throws: Breach.record) { try MembershipReader.wanted([1]) }
        let tooMany = [UInt8](repeating: 1, count: 40 * 65)
        #expect(throws: Breach.record) { try MembershipReader.wanted(tooMany) }
    }
}
