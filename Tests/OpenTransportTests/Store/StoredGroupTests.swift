import Configuration
import Foundation
import TestKit
import Testing

@testable import OpenTransport

@Suite struct StoredGroupTests {
    private let now = SmallGroup.now

    private func withGroup(_ body: (StoredGroup, IdentityStore) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let store = try IdentityStore(environment: ["HOME": folder])
            try body(store.found("lab", now: now), store)
        }
    }

    @Test func revokedPeersAreNoMembersAnyMore() throws {
        try withGroup { lab, store in
            let key = try #require(try store.key())
            #expect(try lab.revoke(key.publicKey.id, now: now))
            let again = try store.group("lab")
            #expect(throws: Refusal.revoked) { try again.check(key, now: now) }
            #expect(try !again.revoke(key.publicKey.id, now: now))
            #expect(try again.revoke(SmallGroup.key(9).publicKey.id, now: now))
            #expect(try store.group("lab").revocations?.serials.count == 2)
            #expect(throws: IdentityError.self) { try again.revoke(lab.group.id, now: now) }
        }
    }

    /// A run that hears of a list from others must not undo what was revoked here meanwhile.
    @Test func aListThatSaysLessIsNotKept() throws {
        try withGroup { lab, store in
            #expect(try lab.revoke(SmallGroup.key(9).publicKey.id, now: now))
            let former = try #require(try lab.writtenRevocations())
            #expect(try lab.revoke(SmallGroup.key(8).publicKey.id, now: now))
            try lab.keep(former)
            #expect(try store.group("lab").revocations?.serials.count == 2)
            #expect(try !lab.revoke(SmallGroup.key(9).publicKey.id, now: now))
        }
    }

    @Test func invitationsHaveBounds() throws {
        try withGroup { lab, _ in
            for span in ["59s", "-1h", "8761h"].compactMap({ TimeSpan($0) }) {
                #expect(throws: ConfigurationError.self) { try lab.invite(for: span, seeds: [], now: now) }
            }
            let seeds = (1...9).compactMap { Seed("a:\($0)") }
            let day = try #require(TimeSpan("24h"))
            #expect(throws: ConfigurationError.self) { try lab.invite(for: day, seeds: seeds, now: now) }
            let invitation = try lab.invite(for: day, seeds: [], now: now)
            #expect(invitation.certificate.validity.upperBound == now + SmallGroup.day)
            #expect(try lab.invite(for: day, seeds: [], now: now).id != invitation.id)
            #expect(throws: IdentityError.self) {
                try lab.invite(for: day, seeds: [], now: now + 3651 * SmallGroup.day)
            }
        }
    }

    @Test func damagedFilesAreNamed() throws {
        try withGroup { lab, store in
            for name in ["root.pem", "certificate.pem", "revoked.pem"] {
                let path = "\(lab.folder)/\(name)"
                let before = FileManager.default.contents(atPath: path)
                try "words".write(toFile: path, atomically: true, encoding: .utf8)
                let error = #expect(throws: IdentityError.self) { try store.group("lab") }
                #expect(error?.subject == path)
                if let before {
                    try before.write(to: URL(filePath: path))
                } else {
                    try FileManager.default.removeItem(atPath: path)
                }
            }
            try SecretFile.write(SmallGroup.key(1).pem, to: lab.rootKeyPath, .owner, replaces: true)
            let error = #expect(throws: IdentityError.self) { try lab.rootKey() }
            #expect(error?.problem == "is not the key of group lab")
        }
    }
}
