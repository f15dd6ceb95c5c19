import COpenSSL
import Vectors

/// One end of a connection, over a socket that never blocks. Belongs to one thread; SIGPIPE must be ignored.
final class SecureChannel {
    /// What a call came to.
    enum Progress: Hashable {
        case done
        /// Call again when the socket has something to read, or room to write.
        case needsReading, needsWriting
    }

    /// Which end it is.
    enum Role {
        case dialer, acceptor
    }

    private let pointer: OpaquePointer
    private let context: SecureContext
    private let now: Int64

    /// - Parameters:
    ///   - descriptor: the socket, which stays the caller's.
    ///   - now: in seconds since 1970, by which certificates are judged.
    init(_ role: Role, descriptor: Int32, context: SecureContext, now: Int64) {
        pointer = made(SSL_new(context.pointer))
        self.context = context
        self.now = now
        X509_VERIFY_PARAM_set_time(SSL_get0_param(pointer), Int(now))
        let isSet = SSL_set_fd(pointer, descriptor) == 1
        precondition(isSet, "OpenSSL does not take socket \(descriptor)")
        switch role {
        case .dialer: SSL_set_connect_state(pointer)
        case .acceptor: SSL_set_accept_state(pointer)
        }
    }

    deinit { SSL_free(pointer) }

    /// Goes on with the handshake. Done means that the other side's certificates are good; whether the other side
    /// thinks the same of these shows only when it greets, since in TLS 1.3 the dialer is done first.
    func handshake() throws(SecureFailure) -> Progress {
        ERR_clear_error()
        let result = SSL_do_handshake(pointer)
        guard result == 1 else { return try progress(result) }
        let peer = try peer()
        do throws(Refusal) { try context.trust.checkAdmission(peer) } catch { throw .refused(error) }
        return .done
    }

    /// Whether both ends have shown their certificates, so that even a refusal can be said in words.
    var isSecured: Bool { SSL_is_init_finished(pointer) == 1 }

    /// Whom the other side is, once the handshake is done.
    func peer() throws(SecureFailure) -> Credentials {
        // The root, which ends the chain, is ours.
        let chain = SSL_get0_verified_chain(pointer)
        let certificates = (0..<max(0, copenssl_certificate_count(chain) - 1)).compactMap { index in
            Certificate(der: encoded { i2d_X509(copenssl_certificate(chain, index), $0) })
        }
        guard !certificates.isEmpty, certificates.count == Int(copenssl_certificate_count(chain)) - 1 else {
            throw .refused(.malformed)
        }
        return Credentials(chain: certificates)
    }

    /// Reads what has come into the buffer's front, so many bytes at most. Gives their count; 0 with what it waits for.
    func read(
        into buffer: inout [UInt8], most: Int = .max
    ) throws(SecureFailure) -> (count: Int, progress: Progress) {
        let count = min(buffer.count, most)
        return try read(&buffer, count)
    }

    /// Reads those bytes of a payload to where they belong, until the last or no more has come. Gives their count.
    func fill(_ payload: Payload, _ range: Range<Int>) throws(SecureFailure) -> Int {
        precondition(range.upperBound <= payload.byteCount, "bytes \(range) of \(payload.byteCount)")
        defer { withExtendedLifetime(payload) {} }
        var start = range.lowerBound
        while start < range.upperBound {
            let more = try read(payload.bytes.baseAddress.map { $0 + start }, range.upperBound - start).count
            guard more > 0 else { break }
            start += more
        }
        return start - range.lowerBound
    }

    private func read(
        _ memory: UnsafeMutableRawPointer?, _ most: Int
    ) throws(SecureFailure) -> (count: Int, progress: Progress) {
        ERR_clear_error()
        let count = SSL_read(pointer, memory, Int32(most))
        return count > 0 ? (Int(count), .done) : (0, try progress(count))
    }

    /// Writes as many bytes from the front as there is room for. Gives their count; 0 with what it waits for.
    func write(_ bytes: ArraySlice<UInt8>) throws(SecureFailure) -> (count: Int, progress: Progress) {
        guard !bytes.isEmpty else { return (0, .done) }
        ERR_clear_error()
        let count = bytes.withUnsafeBufferPointer { SSL_write(pointer, $0.baseAddress, Int32($0.count)) }
        return count > 0 ? (Int(count), .done) : (0, try progress(count))
    }

    /// Says that nothing more will be written.
    func shutDown() {
        ERR_clear_error()
        SSL_shutdown(pointer)
    }

    private func progress(_ result: Int32) throws(SecureFailure) -> Progress {
        switch SSL_get_error(pointer, result) {
        case SSL_ERROR_WANT_READ: return .needsReading
        case SSL_ERROR_WANT_WRITE: return .needsWriting
        case SSL_ERROR_ZERO_RETURN: throw .ended
        case SSL_ERROR_SSL:
            let reason = copenssl_tls_reason()
            if reason == SSL_R_CERTIFICATE_VERIFY_FAILED {
                throw .refused(Refusal(verification: Int32(SSL_get_verify_result(pointer))))
            }
            throw SecureFailure(reason: reason)
        default: throw .ended
        }
    }
}

extension SecureFailure {
    /// What OpenSSL's number for an error of TLS means.
    fileprivate init(reason: Int32) {
        self =
            switch reason {
            case SSL_R_UNSUPPORTED_PROTOCOL: .protocolVersion
            case SSL_R_WRONG_VERSION_NUMBER: .protocolVersion
            case SSL_R_VERSION_TOO_LOW: .protocolVersion
            case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: .noCertificate
            case SSL_R_UNEXPECTED_EOF_WHILE_READING: .ended
            case 1000...1255: SecureFailure(alert: UInt8(reason - SSL_AD_REASON_OFFSET))
            default: .malformed(reason)
            }
    }
}
