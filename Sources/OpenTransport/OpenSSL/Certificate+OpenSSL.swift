import COpenSSL
import Glibc

extension Certificate {
    /// Reads a certificate; nil where the bytes are none of an Ed25519 key, or more than one.
    init?(der: [UInt8]) {
        guard der.count <= Self.mostBytes, let certificate = decodedCertificate(der) else { return nil }
        defer { X509_free(certificate) }
        guard let key = ed25519PublicKey(X509_get0_pubkey(certificate)),
            let name = commonName(X509_get_subject_name(certificate)),
            let begin = seconds(X509_get0_notBefore(certificate)),
            let end = seconds(X509_get0_notAfter(certificate)), begin <= end
        else { return nil }
        self.init(
            der: der, subject: name, publicKey: key, validity: begin...end,
            isAuthority: X509_check_ca(certificate) == 1)
    }

    /// Whether the key's holder signed this certificate.
    func isSigned(by key: PublicKey) -> Bool {
        guard let certificate = decodedCertificate(der) else { return false }
        let signer = publicKeyObject(key)
        defer {
            X509_free(certificate)
            EVP_PKEY_free(signer)
        }
        ERR_clear_error()
        return X509_verify(certificate, signer) == 1
    }
}

/// A certificate in DER; nil where the bytes are none. The caller frees it.
func decodedCertificate(_ der: [UInt8]) -> OpaquePointer? {
    decoded(der, free: X509_free) { d2i_X509(nil, $0, $1) }
}

/// Makes and signs a certificate. - Parameter extensions: basic constraints and key usage, in OpenSSL's words.
func signedCertificate(
    key: PrivateKey, subject: PublicKey, names: (subject: String, issuer: String), validity: ClosedRange<Int64>,
    extensions: (constraints: String, usage: String)
) -> [UInt8] {
    let certificate = made(X509_new())
    let (signer, subjectKey) = (privateKeyObject(seed: key.seed), publicKeyObject(subject))
    let serial = number(subject.id.serial)
    defer {
        X509_free(certificate)
        EVP_PKEY_free(signer)
        EVP_PKEY_free(subjectKey)
        BN_free(serial)
    }
    var isMade = X509_set_version(certificate, 2) == 1
    isMade = isMade && BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate)) != nil
    isMade = isMade && setCommonName(X509_get_subject_name(certificate), names.subject)
    isMade = isMade && setCommonName(X509_get_issuer_name(certificate), names.issuer)
    isMade = isMade && ASN1_TIME_set(X509_getm_notBefore(certificate), Int(validity.lowerBound)) != nil
    isMade = isMade && ASN1_TIME_set(X509_getm_notAfter(certificate), Int(validity.upperBound)) != nil
    isMade = isMade && X509_set_pubkey(certificate, subjectKey) == 1
    for (kind, words) in [(NID_basic_constraints, extensions.constraints), (NID_key_usage, extensions.usage)] {
        let addition = made(X509V3_EXT_nconf_nid(nil, nil, kind, words))
        defer { X509_EXTENSION_free(addition) }
        isMade = isMade && X509_add_ext(certificate, addition, -1) == 1
    }
    isMade = isMade && X509_sign(certificate, signer, nil) > 0
    precondition(isMade, "OpenSSL cannot make a certificate for \(names.subject)")
    return encoded { i2d_X509(certificate, $0) }
}

/// Puts a common name into an empty name; false where OpenSSL does not take it.
func setCommonName(_ name: OpaquePointer?, _ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, bytes, Int32(bytes.count), -1, 0) == 1
}

/// The common name within a name; nil where there is none, or it is longer than 64 bytes or no text.
func commonName(_ name: OpaquePointer?) -> String? {
    var bytes = [CChar](repeating: 0, count: 66)
    let count = X509_NAME_get_text_by_NID(name, NID_commonName, &bytes, Int32(bytes.count))
    guard (1...64).contains(count) else { return nil }
    return String(validating: bytes.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// A time of a certificate in seconds since 1970; nil where it is none.
func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
    var parts = tm()
    guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
    return Int64(timegm(&parts))
}
