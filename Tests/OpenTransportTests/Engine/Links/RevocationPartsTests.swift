import Testing

@testable import OpenTransport

@Suite struct RevocationPartsTests {
    @Test func contentsTravel() throws {
        let contents: [RevocationParts.Content] = [
            .known(count: 3, digest: Array(repeating: 7, count: 32)), .part(start: 5, total: 9, bytes: [1, 2]),
        ]
        for content in contents {
            #expect(try #require(RevocationParts.Content(content.bytes)).bytes == content.bytes)
        }
        for bytes in [[], [2], [0, 1, 0, 0, 0], [1, 0, 0]] as [[UInt8]] {
            #expect(RevocationParts.Content(bytes) == nil)
        }
    }

    @Test func partsFollowEachOther() throws {
        var parts = RevocationParts()
        #expect(try parts.take(start: 0, total: 4, [1, 2]) == nil)
        #expect(try parts.take(start: 2, total: 4, [3, 4]) == [1, 2, 3, 4])
        #expect(throws: Breach.record) { try parts.take(start: 2, total: 4, [3]) }
        #expect(throws: Breach.record) { try parts.take(start: 0, total: 1, [3, 4]) }
        #expect(throws: Breach.record) { try parts.take(start: 0, total: 1, []) }
        #expect(throws: Breach.record) { try parts.take(start: 0, total: .max, [1]) }
    }

    @Test func theLongerListSaysMore() throws {
        let small = SmallGroup()
        let list = small.revoking(SmallGroup.key(30).publicKey.id)
        #expect(list.saysMore(thanCount: 0, digest: []))
        #expect(!list.saysMore(thanCount: 2, digest: []))
        #expect(!list.saysMore(thanCount: 1, digest: sha256(list.der)))
        let whole = try RevocationParts.parts(of: list).reduce(into: (RevocationParts(), [UInt8]?.none)) {
            found, part in
            guard case .part(let start, let total, let bytes) = part else { return }
            found.1 = try found.0.take(start: start, total: total, bytes)
        }
        #expect(whole.1 == list.der)
    }
}
