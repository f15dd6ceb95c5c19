import Foundation
import Runtime
import TestKit
import Testing

@testable import OpenTransport

@Suite struct StoreExaminationTests {
    private let now = SmallGroup.now
    private let day = SmallGroup.day

    private func withStore(_ body: (IdentityStore) throws -> Void) throws {
        try withTemporaryFolder { folder in try body(IdentityStore(environment: ["HOME": folder])) }
    }

    private func group(_ store: IdentityStore, afterDays days: Int64) throws -> LinkFinding {
        let findings = StoreExamination(store: store, now: now + days * day).findings
        return try #require(findings.first { $0.name == "group lab" })
    }

    @Test func whoHasNoKeyLacksNothing() throws {
        try withStore { store in
            let findings = StoreExamination(store: store, now: now).findings
            #expect(findings.map(\.name) == ["peer's key"] && findings[0].remedy == nil)
            #expect(!FileManager.default.fileExists(atPath: store.folder))
        }
    }

    @Test func aFoundersMembershipIsProlongedByItself() throws {
        try withStore { store in
            _ = try store.found("lab", now: now)
            #expect(try group(store, afterDays: 80).remedy == nil)
            for days: Int64 in [88, 91] {
                #expect(try group(store, afterDays: days).remedy?.contains("murmur group invite lab") == true)
            }
            #expect(try group(store, afterDays: 91).state.contains("has expired"))

            // By an invitation of its own.
            let invitation = try store.group("lab").invite(
                for: StoredGroup.usualInvitation, seeds: [], now: now + 88 * day)
            _ = try store.accept(invitation, as: "lab", now: now + 88 * day)
            #expect(try group(store, afterDays: 91).remedy == nil)
        }
    }

    @Test func whoWasInvitedAsksForAnother() throws {
        try withStore { store in
            _ = try store.accept(SmallGroup().invitation(), now: now)
            #expect(try group(store, afterDays: 1).remedy == nil)
            #expect(try group(store, afterDays: 5).state.hasPrefix("a member until "))
            #expect(try group(store, afterDays: 5).remedy?.contains("ask the holder") == true)
            #expect(try group(store, afterDays: -2).state.contains("does not hold yet"))
        }
    }

    @Test(arguments: ["key", "groups/lab/root.key"]) func filesThatOthersMayReadAreTold(_ name: String) throws {
        try withStore { store in
            _ = try store.found("lab", now: now)
            let path = "\(store.folder)/\(name)"
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            let findings = StoreExamination(store: store, now: now).findings
            let finding = try #require(findings.first { $0.remedy != nil })
            #expect(finding.state == "\(path) holds a private key and others may use it (mode 644)")
            #expect(finding.remedy?.contains("chmod 600") == true)
        }
    }

    @Test func aDamagedGroupIsNamed() throws {
        try withStore { store in
            let lab = try store.found("lab", now: now)
            try "words".write(toFile: "\(lab.folder)/certificate.pem", atomically: true, encoding: .utf8)
            #expect(try group(store, afterDays: 0).remedy != nil)
        }
    }

    @Test func furtherPeersOfTheUserAreToldApart() throws {
        try withStore { store in
            _ = try store.found("lab", now: now)
            let lock = try #require(try IdentityLock(store))
            let second = try IdentityStore.joining(["HOME": store.home]).store
            _ = try second.accept(SmallGroup().invitation(), now: now)
            let present = IdentityStore.present(["HOME": store.home])
            #expect(present.map(\.folder) == [store.folder, second.folder])
            let names = StoreExamination(store: second, now: now).findings.map(\.name)
            #expect(names == ["key of peer-2", "group lab of peer-2"])
            #expect(IdentityLock.isHeld(store) && !IdentityLock.isHeld(second))
            withExtendedLifetime(lock) {}
        }
    }
}

extension IdentityStore {
    /// The home folder that the store lies in.
    fileprivate var home: String { String(folder.dropLast("/.config/murmur".count)) }
}
