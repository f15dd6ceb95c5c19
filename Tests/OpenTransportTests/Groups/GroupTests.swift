import Testing

@testable import OpenTransport

@Suite struct GroupTests {
    @Test func aGroupIsItsRoot() {
        let small = SmallGroup()
        #expect(small.group.name == "lab" && Group(root: small.group.root) == small.group)
        #expect(small.group.id == small.rootKey.publicKey.id)
        #expect(small.group.root.subject == "lab.\(small.group.id.short)")
    }

    /// Two groups of one name have certificates of different names.
    @Test func groupsOfOneNameAreTold() {
        #expect(SmallGroup(number: 1).group.root.subject != SmallGroup(number: 2).group.root.subject)
    }

    @Test func whatIsNoRootIsNoGroup() {
        let small = SmallGroup()
        #expect(Group(root: small.invitation().certificate) == nil)
        #expect(Group(root: small.member(SmallGroup.key(2)).own) == nil)
        for name in ["lab.aaaaaaaaaaaaaaaa", "lab", "lab.\(small.group.id.short).", "A.\(small.group.id.short)"] {
            let root = Certificate.signed(
                by: small.rootKey, for: small.rootKey.publicKey, as: .root, names: (name, name), validity: 0...1)
            #expect(Group(root: root) == nil)
        }
    }

    @Test func namesAreThoseOfFolders() {
        #expect(["a", "lab-2", "0", String(repeating: "a", count: 32)].allSatisfy(Group.isName))
        let wrong = ["", "-a", "A", "a.b", "a/b", "..", "é", "a b", String(repeating: "a", count: 33)]
        #expect(!wrong.contains(where: Group.isName))
    }
}
