import COpenSSL

extension Trust {
    /// Lets OpenSSL follow a chain up to the group's root, at a time in seconds since 1970.
    func checkSignatures(_ chain: [Certificate], now: Int64) throws(Refusal) {
        let (store, between, context) = (
            made(X509_STORE_new()), made(copenssl_certificates()), made(X509_STORE_CTX_new())
        )
        let certificates = chain.map { decodedCertificate($0.der) }
        let root = decodedCertificate(group.root.der)
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
            copenssl_free_certificates(between)
            certificates.forEach(X509_free)
            X509_free(root)
        }
        var isMade = X509_STORE_add_cert(store, root) == 1
        for certificate in certificates.dropFirst() {
            isMade = isMade && copenssl_append(between, certificate) == 1
        }
        isMade = isMade && X509_STORE_CTX_init(context, store, certificates.first ?? nil, between) == 1
        precondition(isMade, "OpenSSL cannot look at certificates that it has read")
        X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context), Int(now))
        ERR_clear_error()
        if X509_verify_cert(context) == 1 { return }
        throw Refusal(verification: X509_STORE_CTX_get_error(context))
    }
}

extension Refusal {
    /// What OpenSSL's number for a chain that it refuses means.
    init(verification code: Int32) { self = Self.verifications.first { $0.code == code }?.refusal ?? .malformed }

    private static let verifications: [(code: Int32, refusal: Refusal)] = [
        (X509_V_ERR_CERT_HAS_EXPIRED, .expired), (X509_V_ERR_CERT_NOT_YET_VALID, .notYetValid),
        (X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, .selfSigned), (X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, .otherGroup),
        (X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, .otherGroup),
        (X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, .otherGroup),
        (X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, .otherGroup), (X509_V_ERR_INVALID_CA, .signedByPeer),
        (X509_V_ERR_KEYUSAGE_NO_CERTSIGN, .signedByPeer), (X509_V_ERR_PATH_LENGTH_EXCEEDED, .invitedByInvitation),
    ]
}
