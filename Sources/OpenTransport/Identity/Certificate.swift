/// An X.509 certificate (RFC 5280) of an Ed25519 key: somebody's word for whose key it is and what it may do.
public struct Certificate: Sendable, Hashable {
    /// What a certificate may be used for.
    enum Role: Sendable {
        /// The group itself: signs invitations and founders.
        case root
        /// Signs peers, and no further invitations.
        case invitation
        /// Signs nothing.
        case peer
    }

    /// The certificate as it travels.
    let der: [UInt8]
    /// The common name of whom it is about.
    let subject: String
    /// The key that it is about.
    public let publicKey: PublicKey
    /// When it holds, in seconds since 1970.
    public let validity: ClosedRange<Int64>
    /// Whether the key may sign certificates.
    let isAuthority: Bool

    /// Ours have some 250 bytes; longer ones than this are not looked at.
    static let mostBytes = 1024

    /// How long each holds, in seconds, and how long before its making it begins: clocks differ.
    static let rootSeconds: Int64 = 3650 * day
    static let peerSeconds: Int64 = 90 * day
    static let day: Int64 = 86_400

    /// The certificate as a PEM file, which `openssl x509` reads too.
    var pem: String { PEM(label: Self.label, bytes: der).text }

    private static let label = "CERTIFICATE"

    /// The certificates of a PEM file, at most two, in their order.
    static func chain(pem text: String, named name: String) throws(IdentityError) -> [Certificate] {
        let blocks = PEM.blocks(in: text) ?? []
        let certificates = blocks.compactMap { $0.label == label ? Certificate(der: $0.bytes) : nil }
        guard (1...2).contains(blocks.count), certificates.count == blocks.count else {
            throw IdentityError(
                .malformed, name, "holds no certificates of a group",
                remedy: "bring the file back from a copy, or ask for another invitation")
        }
        return certificates
    }

    /// The certificate that a key's holder makes for another key. - Parameter names: of whom it is about and of who
    /// signs it, which must be that one's own name.
    static func signed(
        by key: PrivateKey, for subject: PublicKey, as role: Role, names: (subject: String, issuer: String),
        validity: ClosedRange<Int64>
    ) -> Certificate {
        let der = signedCertificate(
            key: key, subject: subject, names: names, validity: validity, extensions: role.extensions)
        guard let certificate = Certificate(der: der) else {
            preconditionFailure("OpenSSL made a certificate for \(names.subject) that it cannot read")
        }
        return certificate
    }
}

extension Certificate.Role {
    /// The two extensions that count, in OpenSSL's words.
    fileprivate var extensions: (constraints: String, usage: String) {
        switch self {
        case .root: ("critical,CA:TRUE,pathlen:1", "critical,keyCertSign,cRLSign")
        case .invitation: ("critical,CA:TRUE,pathlen:0", "critical,keyCertSign")
        case .peer: ("critical,CA:FALSE", "critical,digitalSignature")
        }
    }
}
