import Testing

@testable import OpenTransport

@Suite struct RevocationListTests {
    private let small = SmallGroup()
    private let ids = (10..<60).map { SmallGroup.key($0).publicKey.id }

    private var list: RevocationList {
        ids.reduce(nil) {
            RevocationList.signed(by: small.rootKey, of: small.group.root, adding: $1, to: $0, now: SmallGroup.now)
        }!
    }

    @Test func allThatWereAddedAreRevoked() throws {
        let list = list
        #expect(list.serials.count == 50 && ids.allSatisfy(list.revokes))
        #expect(!list.revokes(SmallGroup.key(1).publicKey.id))
        #expect(try RevocationList(pem: list.pem, of: small.group.root, named: "revoked.pem") == list)
    }

    @Test func onlyTheRootsListCounts() {
        let list = list
        let other = SmallGroup("other", number: 2)
        #expect(RevocationList(der: list.der, of: other.group.root) == nil)
        #expect(throws: IdentityError.self) {
            try RevocationList(pem: list.pem, of: other.group.root, named: "revoked.pem")
        }
        for index in stride(from: 0, to: list.der.count, by: 7) {
            var changed = list.der
            changed[index] ^= 4
            #expect(RevocationList(der: changed, of: small.group.root) == nil, "byte \(index)")
        }
    }
}
