import Foundation
import TestKit
import Testing

@testable import OpenTransport

@Suite struct IdentityStoreTests {
    private let now = SmallGroup.now

    private func refusal(_ body: () throws -> Void) -> IdentityError? {
        do {
            try body()
            return nil
        } catch {
            return error as? IdentityError
        }
    }

    @Test func theFolderIsTheEnvironments() throws {
        #expect(try IdentityStore(environment: ["HOME": "/a"]).folder == "/a/.config/murmur")
        #expect(try IdentityStore(environment: ["HOME": "/a", "XDG_CONFIG_HOME": "/b"]).folder == "/b/murmur")
        #expect(try IdentityStore(environment: ["HOME": "/a", "XDG_CONFIG_HOME": "b"]).folder == "/a/.config/murmur")
        #expect(refusal { _ = try IdentityStore(environment: [:]) }?.subject == "HOME")
    }

    @Test func aKeyIsMadeOnce() throws {
        try withTemporaryFolder { folder in
            let store = try IdentityStore(environment: ["HOME": folder])
            #expect(try store.key() == nil && store.names() == [])
            let key = try store.madeKey()
            #expect(try store.madeKey() == key && store.key() == key)
        }
    }

    @Test func whoFoundsIsAMemberAndMayInvite() throws {
        try withTemporaryFolder { folder in
            let store = try IdentityStore(environment: ["HOME": "\(folder)/a [b]*?\\c"])
            let lab = try store.found("lab", now: now)
            #expect(store.names() == ["lab"] && lab.mayInvite && lab.seeds == [])
            #expect(lab.end == now + 90 * SmallGroup.day)
            let key = try #require(try store.key())
            try lab.check(key, now: now)
            #expect(throws: Refusal.expired) { try lab.check(key, now: now + 91 * SmallGroup.day) }
            #expect(throws: IdentityError.self) { try lab.check(SmallGroup.key(1), now: now) }
            #expect(refusal { _ = try store.found("lab", now: now) }?.kind == .unwritable)
            #expect(refusal { _ = try store.found("La/b", now: now) }?.kind == .unfit)
            #expect(refusal { _ = try store.group("other") }?.problem == "is not there; there is lab")
        }
    }

    @Test func whoIsInvitedIsAMemberAndMayNotInvite() throws {
        try withTemporaryFolder { folder in
            let founder = try IdentityStore(environment: ["HOME": "\(folder)/a"])
            let joiner = try IdentityStore(environment: ["HOME": "\(folder)/b"])
            let seed = try #require(Seed("localhost:7946"))
            let lab = try founder.found("lab", now: now)
            let invitation = try lab.invite(for: StoredGroup.usualInvitation, seeds: [seed], now: now)
            let joined = try joiner.accept(try Invitation(invitation.text), now: now)
            #expect(joined.group == lab.group && joined.seeds == [seed] && !joined.mayInvite)
            #expect(joined.end == now + 7 * SmallGroup.day)
            let key = try #require(try joiner.key())
            try joined.check(key, now: now)
            let seconds = StoredGroup.usualInvitation
            #expect(throws: IdentityError.self) { try joined.invite(for: seconds, seeds: [], now: now) }

            // Once more: the same key, a certificate that holds longer.
            let later = now + 6 * SmallGroup.day
            let again = try joiner.accept(lab.invite(for: seconds, seeds: [], now: later), now: later)
            #expect(try joiner.key() == key && again.end == later + 7 * SmallGroup.day)
        }
    }

    @Test func anInvitationThatDoesNotHoldIsRefused() throws {
        try withTemporaryFolder { folder in
            let joiner = try IdentityStore(environment: ["HOME": folder])
            let invitation = SmallGroup().invitation()
            let late = refusal { _ = try joiner.accept(invitation, now: now + 8 * SmallGroup.day) }
            #expect(late?.kind == .refused && late?.problem == "has expired on 2026-01-08T00:00:00Z")
            let early = refusal { _ = try joiner.accept(invitation, now: now - 3 * SmallGroup.day) }
            #expect(early?.kind == .refused && early?.problem.hasPrefix("holds from 2025-12-31T00:00:00Z") == true)
            _ = try joiner.accept(invitation, now: now)
            let other = SmallGroup("lab", number: 2).invitation()
            #expect(refusal { _ = try joiner.accept(other, now: now) }?.kind == .unwritable)
            _ = try joiner.accept(other, as: "second", now: now)
            #expect(joiner.names() == ["lab", "second"])
        }
    }

    @Test func whoInvitesItselfLosesNothing() throws {
        try withTemporaryFolder { folder in
            let store = try IdentityStore(environment: ["HOME": folder])
            let lab = try store.found("lab", now: now)
            let seed = try #require(Seed("localhost:7946"))
            let invitation = try lab.invite(for: StoredGroup.usualInvitation, seeds: [seed], now: now)
            let again = try store.accept(invitation, now: now)
            #expect(again.end == lab.end && again.seeds.isEmpty && again.mayInvite)

            // Who was revoked is not let in again by it.
            let key = try #require(try store.key())
            let isNew = try again.revoke(key.publicKey.id, now: now)
            #expect(isNew)
            #expect(refusal { _ = try store.accept(invitation, now: now) }?.kind == .refused)
        }
    }

    @Test func aDamagedGroupIsWrittenAgain() throws {
        try withTemporaryFolder { folder in
            let store = try IdentityStore(environment: ["HOME": folder])
            let invitation = SmallGroup().invitation(seeds: [try #require(Seed("a:1"))])
            let lab = try store.accept(invitation, now: now)
            for name in ["root.pem", "certificate.pem"] {
                try "words".write(toFile: "\(lab.folder)/\(name)", atomically: true, encoding: .utf8)
                #expect(refusal { _ = try store.group("lab") } != nil)
                let again = try store.accept(invitation, now: now)
                #expect(again.end == lab.end && again.seeds == lab.seeds)
            }
            try "words".write(toFile: "\(lab.folder)/revoked.pem", atomically: true, encoding: .utf8)
            #expect(refusal { _ = try store.accept(invitation, now: now) }?.subject.hasSuffix("revoked.pem") == true)
        }
    }

    @Test func anInvitationWithoutSeedsLeavesThoseThatAreKnown() throws {
        try withTemporaryFolder { folder in
            let store = try IdentityStore(environment: ["HOME": folder])
            let seeds = [try #require(Seed("a:1"))]
            _ = try store.accept(SmallGroup().invitation(seeds: seeds), now: now)
            let again = try store.accept(SmallGroup().invitation(51), now: now)
            #expect(again.seeds == seeds)
        }
    }
}
