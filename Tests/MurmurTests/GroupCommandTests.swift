import Foundation
import TestKit
import Testing

/// Groups, keys and invitations by the built command, each user in a folder of its own.
@Suite struct GroupCommandTests {
    private func call(_ arguments: String..., as user: String, in folder: String) throws -> Called {
        try Command.call(arguments, in: folder, shell: "export XDG_CONFIG_HOME='\(folder)/\(user)'")
    }

    @Test func aGroupIsFoundedAndAnotherPeerGetsIn() throws {
        try withTemporaryFolder { folder in
            let founded = try call("group", "new", "lab", as: "a", in: folder)
            #expect(founded.code == 0 && founded.output.hasPrefix("group  lab, "), "\(founded)")
            let invited = try call(
                "group", "invite", "lab", "--for", "24h", "--seed", "localhost:7946", as: "a", in: folder)
            #expect(invited.code == 0 && invited.output.hasPrefix("murmur:") && invited.output.count < 1000)
            #expect(invited.errors.contains("`murmur group revoke "))
            let line = invited.output.trimmingCharacters(in: .newlines)
            let accepted = try call("group", "accept", line, as: "b", in: folder)
            #expect(accepted.code == 0 && accepted.output.hasSuffix("seeds  localhost:7946\n"), "\(accepted)")
            let shown = try call("key", "show", as: "b", in: folder)
            #expect(shown.code == 0 && shown.output.contains("group  lab, a member until "), "\(shown)")
            #expect(try call("group", "invite", "lab", as: "b", in: folder).code == 78)

            // The line may lie in a file; another invitation keeps the peer's id.
            try invited.output.write(toFile: "\(folder)/invitation", atomically: true, encoding: .utf8)
            #expect(try call("group", "accept", "invitation", as: "b", in: folder).code == 0)
            #expect(try call("key", "show", as: "b", in: folder).output == shown.output)
        }
    }

    @Test func whoInvitesItselfMayBeginRunsAsBefore() throws {
        try withTemporaryFolder { folder in
            #expect(try call("group", "new", "lab", as: "a", in: folder).code == 0)
            let before = try call("key", "show", as: "a", in: folder)
            let invited = try call("group", "invite", "lab", "--seed", "localhost:7946", as: "a", in: folder)
            let line = invited.output.trimmingCharacters(in: .newlines)
            let accepted = try call("group", "accept", line, as: "a", in: folder)
            #expect(accepted.code == 0 && accepted.output.hasSuffix("seeds  none\n"), "\(accepted)")
            #expect(try call("key", "show", as: "a", in: folder).output == before.output)
        }
    }

    @Test func aRevokedPeerIsTold() throws {
        try withTemporaryFolder { folder in
            #expect(try call("group", "new", "lab", "--json", as: "a", in: folder).code == 0)
            let shown = try call("key", "show", "--json", as: "a", in: folder)
            let peer = try #require(shown.output.firstMatch(of: /"peer":"([a-z2-7]{52})"/)?.1)
            let revoked = try call("group", "revoke", String(peer), as: "a", in: folder)
            #expect(revoked.code == 0 && revoked.output == "\(peer) is no member of lab any more\n")
            #expect(try call("key", "show", as: "a", in: folder).output.contains("was revoked"))
            let again = try call("group", "revoke", String(peer), "--group", "lab", as: "a", in: folder)
            #expect(again.output == "\(peer) was revoked before\n")
        }
    }

    @Test func whatCannotBeIsOneSentenceWithARemedy() throws {
        try withTemporaryFolder { folder in
            #expect(try call("group", "new", "lab", as: "a", in: folder).code == 0)
            let calls: [(arguments: [String], code: Int32, words: String)] = [
                (["group", "new", "lab"], 73, "is there already"), (["group", "new", "La b"], 78, "is no name"),
                (["group", "invite", "nope"], 66, "is not there; there is lab"),
                (["group", "invite", "lab", "--for", "1s"], 78, "--for: "),
                (["group", "invite", "lab", "--for", "soon"], 78, "--for: 'soon'"),
                (["group", "invite", "lab", "--seed", "here"], 78, "--seed: 'here'"),
                (["group", "accept", "murmur:AQAB"], 65, "cut off on its way"),
                (["group", "accept", "nowhere"], 66, "nor a file"),
                (["group", "revoke", "somebody"], 78, "is no id"),
                (["key", "show", "--key", "nowhere"], 66, "nowhere: is not there"),
            ]
            for (arguments, code, words) in calls {
                let shell = "export XDG_CONFIG_HOME='\(folder)/a'"
                let called = try Command.call(arguments, in: folder, shell: shell)
                #expect(called.code == code && called.output == "", "\(arguments): \(called)")
                #expect(called.errors.hasPrefix("murmur: ") && called.errors.contains(words), "\(called)")
                #expect(called.errors.split(separator: "\n").count == 1, "\(called)")
            }
        }
    }

    @Test func aKeyThatOthersMayReadIsRefused() throws {
        try withTemporaryFolder { folder in
            #expect(try call("group", "new", "lab", as: "a", in: folder).code == 0)
            let path = "\(folder)/a/murmur/key"
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            let called = try call("key", "show", as: "a", in: folder)
            #expect(called.code == 78 && called.errors.contains("chmod 600"), "\(called)")
        }
    }
}
