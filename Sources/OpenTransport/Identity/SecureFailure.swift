/// Why a connection could not be secured, or ended.
enum SecureFailure: Error, Hashable, CustomStringConvertible {
    /// This side does not let the other in.
    case refused(Refusal)
    /// The other side does not let this one in, and said why by an alert of TLS.
    case refusedByPeer(Refusal)
    /// The two have no version of TLS in common; here it is 1.3.
    case protocolVersion
    /// The other side shows no certificate.
    case noCertificate
    /// The other side has ended the connection, or it broke.
    case ended
    /// What came is no TLS, by OpenSSL's number, or an alert that says nothing about who is let in.
    case malformed(Int32)

    /// What an alert of the other side means (RFC 8446, section 6.2).
    init(alert: UInt8) {
        self =
            switch alert {
            case 42: .refusedByPeer(.notYetValid)
            case 43: .refusedByPeer(.malformed)
            case 46: .refusedByPeer(.malformed)
            case 44: .refusedByPeer(.revoked)
            case 45: .refusedByPeer(.expired)
            case 48: .refusedByPeer(.otherGroup)
            case 70: .protocolVersion
            case 116: .noCertificate
            default: .malformed(Int32(alert))
            }
    }

    /// A sentence without a full stop, about the other side unless it says otherwise.
    var description: String {
        switch self {
        case .refused(let refusal): "it is not let in: \(refusal)"
        case .refusedByPeer(let refusal): "it does not let this peer in: \(refusal)"
        case .protocolVersion:
            "it does not speak TLS 1.3; both sides need murmur, and nothing between them that opens TLS"
        case .noCertificate: "it shows no certificate, so that it is no member of any group"
        case .ended: "it has ended the connection"
        case .malformed(let number): "it speaks no TLS that can be understood (\(number)); is the port that of murmur?"
        }
    }
}
