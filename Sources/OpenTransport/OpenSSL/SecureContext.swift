import COpenSSL

/// What all of a peer's connections have in common: its credentials and whom it trusts. TLS 1.3 and nothing older, both
/// sides show certificates, no session goes on over another connection.
final class SecureContext {
    let pointer: OpaquePointer
    /// Whom the peer lets in; may be replaced when somebody is revoked.
    var trust: Trust

    /// - Parameter key: goes with the credentials.
    init(key: PrivateKey, credentials: Credentials, trust: Trust) {
        precondition(credentials.own.publicKey == key.publicKey, "a certificate for another key")
        let context = made(SSL_CTX_new(TLS_method()))
        let signer = privateKeyObject(seed: key.seed)
        let root = decodedCertificate(trust.group.root.der)
        let certificates = credentials.chain.map { decodedCertificate($0.der) }
        defer {
            EVP_PKEY_free(signer)
            X509_free(root)
            certificates.forEach(X509_free)
        }
        var isMade = copenssl_restrict(context) == 1
        isMade = isMade && SSL_CTX_use_certificate(context, certificates[0]) == 1
        isMade = isMade && SSL_CTX_use_PrivateKey(context, signer) == 1
        for certificate in certificates.dropFirst() {
            isMade = isMade && copenssl_add_chain(context, certificate) == 1
        }
        isMade = isMade && X509_STORE_add_cert(SSL_CTX_get_cert_store(context), root) == 1
        precondition(isMade, "OpenSSL does not take the peer's own certificate")
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        pointer = context
        self.trust = trust
    }

    deinit { SSL_CTX_free(pointer) }
}
