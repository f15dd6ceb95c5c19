import COpenSSL
import Glibc
import Testing

@testable import OpenTransport

/// Ten pairings of identities: two meet, and the others are refused, each for its own reason.
@Suite struct SecureChannelTests {
    private let small = SmallGroup()
    private let now = SmallGroup.now
    private let dialerKey = SmallGroup.key(20)
    private let acceptorKey = SmallGroup.key(21)

    /// What became of the two ends of a connection: nil where an end is done.
    private func meet(
        _ dialer: SecureContext, _ acceptor: SecureContext, at time: Int64? = nil
    ) throws -> (dialer: SecureFailure?, acceptor: SecureFailure?) {
        let (ends, close) = try sockets()
        defer { close() }
        let channels = [
            SecureChannel(.dialer, descriptor: ends[0], context: dialer, now: time ?? now),
            SecureChannel(.acceptor, descriptor: ends[1], context: acceptor, now: time ?? now),
        ]
        var failures: [SecureFailure?] = [nil, nil]
        var isDone = [false, false]
        for _ in 0..<10 {
            for index in 0..<2 where !isDone[index] {
                do throws(SecureFailure) {
                    isDone[index] = try channels[index].handshake() == .done
                } catch {
                    (failures[index], isDone[index]) = (error, true)
                }
            }
        }
        // The dialer is done first, and hears of a refusal only when it reads.
        if failures[0] == nil {
            var buffer = [UInt8](repeating: 0, count: 16)
            do throws(SecureFailure) { _ = try channels[0].read(into: &buffer) } catch { failures[0] = error }
        }
        #expect(isDone == [true, true])
        return (failures[0], failures[1])
    }

    private func sockets() throws -> (ends: [Int32], close: () -> Void) {
        var ends: [Int32] = [0, 0]
        let code = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0, &ends)
        try #require(code == 0)
        return (ends, { for end in ends { close(end) } })
    }

    private func context(_ key: PrivateKey, _ credentials: Credentials, _ trust: Trust? = nil) -> SecureContext {
        SecureContext(key: key, credentials: credentials, trust: trust ?? small.trust)
    }

    /// An end that is let in by all of its group.
    private var acceptor: SecureContext { context(acceptorKey, small.member(acceptorKey)) }

    @Test func memberAndInvitedMeet() throws {
        let invited = context(dialerKey, small.invited(dialerKey))
        #expect(try meet(invited, acceptor) == (nil, nil))
        #expect(try meet(acceptor, invited) == (nil, nil))
    }

    @Test func bytesGoBothWays() throws {
        let (ends, close) = try sockets()
        defer { close() }
        let dialer = SecureChannel(.dialer, descriptor: ends[0], context: acceptor, now: now)
        let invited = context(dialerKey, small.invited(dialerKey))
        let other = SecureChannel(.acceptor, descriptor: ends[1], context: invited, now: now)
        #expect(try dialer.handshake() == .needsReading)
        #expect(try other.handshake() == .needsReading)
        #expect(try dialer.handshake() == .done)
        #expect(try other.handshake() == .done)
        #expect(try dialer.peer() == small.invited(dialerKey))
        #expect(try other.peer() == small.member(acceptorKey))

        // A megabyte, through a socket that does not hold as much.
        let sent = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        var (rest, received) = (sent[...], [UInt8]())
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while received.count < sent.count {
            let written = try dialer.write(rest)
            rest = rest.dropFirst(written.count)
            let read = try other.read(into: &buffer)
            received += buffer.prefix(read.count)
            #expect(written.count > 0 || read.count > 0)
            if written.count == 0, read.count == 0 { break }
        }
        #expect(received == sent)
        other.shutDown()
        #expect(throws: SecureFailure.ended) { try dialer.read(into: &buffer) }
    }

    @Test func anotherGroup() throws {
        let other = SmallGroup("lab", number: 2)
        let stranger = context(dialerKey, other.member(dialerKey), other.trust)
        #expect(try meet(acceptor, stranger) == (.refused(.otherGroup), .refusedByPeer(.otherGroup)))
        #expect(try meet(stranger, acceptor).dialer == .refused(.otherGroup))
    }

    /// Who trusts the group and is not of it: refused by whom it dials.
    private func refusal(
        of credentials: Credentials, _ key: PrivateKey? = nil, at time: Int64? = nil
    ) throws -> (dialer: SecureFailure?, acceptor: SecureFailure?) {
        try meet(context(key ?? dialerKey, credentials), acceptor, at: time)
    }

    private func signed(
        by key: PrivateKey, _ issuer: String, for subject: PublicKey, _ role: Certificate.Role = .peer
    ) -> Certificate {
        let day = SmallGroup.day
        return .signed(
            by: key, for: subject, as: role, names: (subject.id.short, issuer), validity: now - day...now + day)
    }

    @Test func selfSigned() throws {
        let own = signed(by: dialerKey, dialerKey.publicKey.id.short, for: dialerKey.publicKey)
        let found = try refusal(of: Credentials(chain: [own]))
        #expect(found == (.refusedByPeer(.otherGroup), .refused(.selfSigned)))
    }

    @Test func signedByAMerePeer() throws {
        let member = small.member(SmallGroup.key(22))
        let own = signed(by: SmallGroup.key(22), member.own.subject, for: dialerKey.publicKey)
        let found = try refusal(of: Credentials(chain: [own, member.own]))
        #expect(found.acceptor == .refused(.signedByPeer) && found.dialer != nil)
    }

    @Test func invitedByAnInvitation() throws {
        let (invitation, second) = (small.invitation(), SmallGroup.key(51))
        let between = signed(by: invitation.key, invitation.certificate.subject, for: second.publicKey, .invitation)
        let own = signed(by: second, between.subject, for: dialerKey.publicKey)
        let found = try refusal(of: Credentials(chain: [own, between, invitation.certificate]))
        #expect(found.acceptor == .refused(.invitedByInvitation) && found.dialer != nil)
    }

    @Test func expired() throws {
        let later = now + 8 * SmallGroup.day
        let found = try refusal(of: small.invited(dialerKey), at: later)
        #expect(found == (.refusedByPeer(.expired), .refused(.expired)))
        #expect(try refusal(of: small.member(dialerKey), at: later) == (nil, nil))
    }

    @Test func revoked() throws {
        let list = RevocationList.signed(
            by: small.rootKey, of: small.group.root, adding: small.invitation().id, to: nil, now: now)
        let strict = acceptor
        strict.trust.revocations = list
        let found = try meet(context(dialerKey, small.invited(dialerKey)), strict)
        #expect(found.acceptor == .refused(.revoked))
        #expect(try meet(context(dialerKey, small.member(dialerKey)), strict) == (nil, nil))
    }

    @Test func anInvitationIsNoPeer() throws {
        let invitation = small.invitation()
        let found = try refusal(of: Credentials(chain: [invitation.certificate]), invitation.key)
        #expect(found.acceptor == .refused(.noPeer) || found.acceptor == .refused(.malformed))
    }

    @Test func olderTLS() throws {
        let old = context(dialerKey, small.member(dialerKey))
        SSL_CTX_ctrl(old.pointer, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        SSL_CTX_ctrl(old.pointer, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        #expect(try meet(old, acceptor) == (.protocolVersion, .protocolVersion))
        #expect(try meet(acceptor, old) == (.protocolVersion, .protocolVersion))
    }

    @Test func whatIsNoTLSIsRefused() throws {
        let (ends, close) = try sockets()
        defer { close() }
        let channel = SecureChannel(.acceptor, descriptor: ends[1], context: acceptor, now: now)
        let request = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        #expect(send(ends[0], request, request.count, 0) == request.count)
        #expect(throws: SecureFailure.self) { try channel.handshake() }
    }

    @Test func everyFailureHasItsSentence() {
        let failures = (0...255).map { SecureFailure(alert: $0) }
        #expect(failures.allSatisfy { !$0.description.isEmpty })
        #expect(SecureFailure(alert: 45) == .refusedByPeer(.expired))
    }
}
