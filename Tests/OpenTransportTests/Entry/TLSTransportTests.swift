import Configuration
import Foundation
import Runtime
import TestKit
import Testing

@testable import OpenTransport

@Suite struct TLSTransportTests {
    private static let now: Int64 = SmallGroup.now
    private let clock = LinkClock(nanoseconds: { 0 }, unixSeconds: { TLSTransportTests.now })

    private func member(
        _ options: [String: OptionValue] = [:], in folder: String, at seconds: Int64 = now
    ) throws -> TLSMember {
        let clock = LinkClock(nanoseconds: { 0 }, unixSeconds: { seconds })
        let member = try TLSTransport().member(Options(options), environment: ["HOME": folder], clock: clock)
        return try #require(member as? TLSMember)
    }

    private func founded(_ names: [String], in folder: String) throws -> IdentityStore {
        let store = try IdentityStore(environment: ["HOME": folder])
        for name in names { _ = try store.found(name, now: Self.now) }
        return store
    }

    @Test func everyOptionHasADefaultAndAMeaning() throws {
        for option in TLSTransport.description.options {
            #expect(option.canonical(option.defaultValue) != nil && !option.meaning.isEmpty)
        }
    }

    @Test func whoHasNoSeedsBegins() throws {
        try withTemporaryFolder { folder in
            let store = try founded(["lab"], in: folder)
            let member = try member(in: folder)
            #expect(member.terms.isFounder && member.terms.doubtSeconds == 600 && member.terms.endsAt == nil)
            let first = try #require(try store.key()?.publicKey.id.bytes.prefix(8))
            #expect(member.terms.key == first.reduce(0) { $0 << 8 | UInt64($1) })
            #expect(member.settings.listen == Seed(listening: "[::]:7946") && member.settings.neighbours == 6)
        }
    }

    @Test func whoHasSeedsJoinsUnlessToldToFound() throws {
        try withTemporaryFolder { folder in
            _ = try founded(["lab"], in: folder)
            let seeds = OptionValue.list([.text("a:1"), .text("[::1]:2")])
            #expect(try member(["seeds": seeds], in: folder).terms.isFounder == false)
            #expect(try member(["seeds": seeds, "found": .boolean(true)], in: folder).terms.isFounder)
            #expect(try member(["seeds": seeds], in: folder).settings.seeds.map(\.description) == ["a:1", "[::1]:2"])
        }
    }

    @Test func theSeedsOfAnInvitationAreKept() throws {
        try withTemporaryFolder { folder in
            let invitation = SmallGroup().invitation(seeds: [Seed("a:1")!])
            let store = try IdentityStore(environment: ["HOME": folder])
            _ = try store.accept(invitation, now: Self.now)
            let member = try member(in: folder)
            #expect(!member.terms.isFounder && member.settings.seeds.map(\.description) == ["a:1"])
        }
    }

    @Test func whereAPeerListensIsSaidInFourWays() throws {
        try withTemporaryFolder { folder in
            _ = try founded(["lab"], in: folder)
            func listen(_ text: String) throws -> String? {
                try member(["listen": .text(text)], in: folder).settings.listen?.description
            }
            #expect(try listen("none") == nil)
            #expect(try listen("0") == "[::]:0")
            #expect(try listen("192.0.2.7:0") == "192.0.2.7:0")
            #expect(try listen("192.0.2.7:80") == "192.0.2.7:80")
        }
    }

    @Test(arguments: [
        ("transport.listen", ["listen": OptionValue.text("nowhere")]),
        ("transport.seeds", ["seeds": .list([.text("nowhere")])]),
        ("transport.advertise", ["advertise": .list([.text("x")])]),
        ("transport.advertise", ["advertise": .list([.text("a:1")]), "listen": .text("none")]),
        ("transport.allow", ["allow": .list([.text("somebody")])]),
        ("transport.until", ["until": .text("tomorrow")]),
        ("transport.until", ["until": .text("2020-01-01T00:00:00Z")]),
        ("neighbours", ["neighbours": .integer(0)]), ("encoding", ["encoding": .text("int8")]),
        ("smoke", ["smoke": .boolean(true)]),
    ]) func whatCannotBeIsRefusedByKey(key: String, options: [String: OptionValue]) throws {
        try withTemporaryFolder { folder in
            _ = try founded(["lab"], in: folder)
            let error = #expect(throws: ConfigurationError.self) { try member(options, in: folder) }
            #expect(error?.key == key)
        }
    }

    @Test func theGroupIsTheOnlyOneOrNamed() throws {
        try withTemporaryFolder { folder in
            _ = try founded(["lab", "zoo"], in: folder)
            let error = #expect(throws: ConfigurationError.self) { try member(in: folder) }
            #expect(error?.key == "transport.group" && error?.message.contains("lab, zoo") == true)
            #expect(try member(["group": .text("zoo")], in: folder).group.name == "zoo")
        }
    }

    @Test func theEndOfTheRunIsAMoment() throws {
        try withTemporaryFolder { folder in
            _ = try founded(["lab"], in: folder)
            let end = try member(["until": .text("2026-01-02T00:00:00Z")], in: folder).terms.endsAt
            #expect(end == Self.now + SmallGroup.day)
        }
    }

    @Test func whoIsNoMemberAnyMoreIsTold() throws {
        try withTemporaryFolder { folder in
            _ = try founded(["lab"], in: folder)
            let error = #expect(throws: LinkError.self) {
                try member(in: folder, at: Self.now + 91 * SmallGroup.day)
            }
            #expect(error?.kind == .refused && error?.finding.contains("has expired") == true)
        }
    }

    @Test func aKeyIsAtWorkOnce() throws {
        try withTemporaryFolder { folder in
            _ = try founded(["lab"], in: folder)
            let first = try member(in: folder)
            let error = #expect(throws: LinkError.self) { try member(in: folder) }
            #expect(error?.kind == .unreachable)
            let (second, environment) = try IdentityStore.joining(["HOME": folder])
            #expect(second.folder == "\(folder)/.config/murmur/peer-2")
            #expect(environment["MURMUR_HOME"] == second.folder)
            withExtendedLifetime(first) {}
        }
        try withTemporaryFolder { folder in
            let usual = try IdentityStore.joining(["HOME": folder]).store.folder
            #expect(usual == "\(folder)/.config/murmur")
        }
    }

    @Test func anExaminationMakesNothing() throws {
        try withTemporaryFolder { folder in
            let findings = TLSTransport().examine(environment: ["HOME": folder], clock: clock)
            #expect(findings.map(\.name) == ["port 7946", "addresses", "clock", "peer's key"])
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(files.isEmpty)
            #expect(TLSTransport().examine(environment: [:], clock: clock).map(\.name).last == "clock")
        }
    }

    @Test func everyRefusalHasAFindingAndARemedy() {
        for refusal in Refusal.allCases {
            let error = LinkError(refusal, by: "b")
            #expect(!refusal.remedy.isEmpty && error.description == "b does not let this peer in: \(refusal)")
        }
    }
}
