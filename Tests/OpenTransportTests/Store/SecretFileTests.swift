import Foundation
import TestKit
import Testing

@testable import OpenTransport

@Suite struct SecretFileTests {
    private func refusal(_ body: () throws -> Void) -> IdentityError? {
        do {
            try body()
            return nil
        } catch {
            return error as? IdentityError
        }
    }

    @Test func filesAreReadAsTheyWereWritten() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/key"
            #expect(try SecretFile.text(of: path, .owner) == nil)
            try SecretFile.write("one", to: path, .owner, replaces: false)
            #expect(try SecretFile.text(of: path, .owner) == "one")
            let error = refusal { try SecretFile.write("two", to: path, .owner, replaces: false) }
            #expect(error?.kind == .unwritable)
            try SecretFile.write("two", to: path, .owner, replaces: true)
            #expect(try SecretFile.text(of: path, .owner) == "two")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["key"])
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test func aKeyThatOthersMayUseIsRefused() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/key"
            for mode in [0o640, 0o604, 0o620, 0o660, 0o601] {
                try SecretFile.write("one", to: path, .owner, replaces: true)
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
                let error = refusal { _ = try SecretFile.text(of: path, .owner) }
                #expect(error?.kind == .unfit)
                #expect(error?.remedy.hasPrefix("run `chmod 600 \(path)`") == true)
                #expect(try SecretFile.text(of: path, .everybody) == "one")
            }
        }
    }

    @Test func whatIsNoFileIsRefused() throws {
        try withTemporaryFolder { folder in
            #expect(refusal { _ = try SecretFile.text(of: folder, .everybody) }?.kind == .malformed)
            #expect(
                refusal { try SecretFile.write("", to: "\(folder)/a/b", .owner, replaces: true) }?.kind == .unwritable)
            try SecretFile.write("", to: "\(folder)/file", .owner, replaces: true)
            #expect(refusal { try SecretFile.makeFolder("\(folder)/file/a") }?.kind == .unwritable)
            try SecretFile.makeFolder("\(folder)/a/b")
            try SecretFile.makeFolder("\(folder)/a/b")
        }
    }
}
