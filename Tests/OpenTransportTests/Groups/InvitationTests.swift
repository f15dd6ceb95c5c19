import Testing

@testable import OpenTransport

@Suite struct InvitationTests {
    private let small = SmallGroup()
    private var seeds: [Seed] { ["localhost:7946", "[::1]:80", "10.0.0.1:65535"].compactMap { Seed($0) } }

    @Test func anInvitationIsReadAsItWasWritten() throws {
        for seeds in [[], seeds] {
            let invitation = small.invitation(seeds: seeds)
            #expect(try Invitation(invitation.text) == invitation)
            #expect(try Invitation("  \(invitation.text)\n") == invitation)
        }
        let text = small.invitation(seeds: [Seed("localhost:7946")!]).text
        #expect(text.count < 1000, "\(text.count) letters")
        #expect(text.allSatisfy { $0.isASCII && !$0.isWhitespace && !"$`\"'\\!&;|".contains($0) })
    }

    @Test func whatWasChangedOrCutOffIsRefused() {
        let text = small.invitation(seeds: seeds).text
        func problem(_ text: String) -> String? {
            do throws(IdentityError) {
                _ = try Invitation(text)
                return nil
            } catch {
                return error.problem
            }
        }
        for count in 7..<text.count {
            #expect(problem(String(text.prefix(count))) == "was changed or cut off on its way")
        }
        let letters = Array(text)
        for index in 7..<letters.count {
            var changed = letters
            changed[index] = letters[index] == "A" ? "B" : "A"
            #expect(problem(String(changed)) != nil, "letter \(index)")
        }
        #expect(problem("lab") == "does not begin with murmur:")
        #expect(problem("murmur:") != nil && problem("murmur:\(String(repeating: "A", count: 9000))") != nil)
    }

    /// Certificates and keys that do not belong together, with a checksum that is right.
    @Test func whatDoesNotFitTogetherIsRefused() throws {
        let (a, b) = (small.invitation(50), small.invitation(51))
        let other = SmallGroup("lab", number: 2).invitation(50)
        let swaps = [
            (a.certificate.der, b.certificate.der), (a.key.seed, b.key.seed), (a.group.root.der, other.group.root.der),
            (a.certificate.der, small.group.root.der), ([1, 0] as [UInt8], [2, 0]),
        ]
        for (found, put) in swaps {
            let bytes = try #require(Base64URL.bytes(String(a.text.dropFirst(7)))).dropLast(4)
            let range = try #require(Array(bytes).firstRange(of: found))
            var changed = Array(bytes)
            changed.replaceSubrange(range, with: put)
            if found.count > 32, found.count != put.count {
                changed.replaceSubrange(
                    range.lowerBound - 2..<range.lowerBound, with: [UInt8(put.count & 255), UInt8(put.count >> 8)])
            }
            let text = "murmur:" + Base64URL.text(changed + sha256(changed).prefix(4))
            #expect(throws: IdentityError.self) { try Invitation(text) }
        }
    }
}
