import COpenSSL

extension RevocationList {
    /// Reads a list; nil where the bytes are none, or the group's root has not signed them.
    init?(der: [UInt8], of root: Certificate) {
        guard der.count <= Self.mostBytes,
            let list = decoded(der, free: X509_CRL_free, { d2i_X509_CRL(nil, $0, $1) })
        else { return nil }
        let signer = publicKeyObject(root.publicKey)
        defer {
            X509_CRL_free(list)
            EVP_PKEY_free(signer)
        }
        ERR_clear_error()
        guard X509_CRL_verify(list, signer) == 1 else { return nil }
        let revoked = X509_CRL_get_REVOKED(list)
        var serials: Set<[UInt8]> = []
        for index in 0..<copenssl_revoked_count(revoked) {
            guard let serial = Self.serial(X509_REVOKED_get0_serialNumber(copenssl_revoked(revoked, index))) else {
                return nil
            }
            serials.insert(serial)
        }
        self.init(der: der, serials: serials)
    }

    /// A number in 16 bytes; nil where it has more, or is below 0.
    private static func serial(_ number: UnsafePointer<ASN1_INTEGER>?) -> [UInt8]? {
        guard let number = ASN1_INTEGER_to_BN(number, nil) else { return nil }
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: 16)
        return BN_is_negative(number) == 0 && BN_bn2binpad(number, &bytes, 16) == 16 ? bytes : nil
    }
}

/// Makes and signs a list of revocations. - Parameter serials: 16 bytes each, in their order.
func signedRevocationList(
    key: PrivateKey, issuer: String, serials: [[UInt8]], validity: ClosedRange<Int64>
) -> [UInt8] {
    let (list, name, signer) = (made(X509_CRL_new()), made(X509_NAME_new()), privateKeyObject(seed: key.seed))
    let (begin, end) = (
        ASN1_TIME_set(nil, Int(validity.lowerBound)), ASN1_TIME_set(nil, Int(validity.upperBound))
    )
    defer {
        X509_CRL_free(list)
        X509_NAME_free(name)
        EVP_PKEY_free(signer)
        ASN1_TIME_free(begin)
        ASN1_TIME_free(end)
    }
    var isMade = begin != nil && end != nil
    isMade = isMade && X509_CRL_set_version(list, 1) == 1
    isMade = isMade && setCommonName(name, issuer)
    isMade = isMade && X509_CRL_set_issuer_name(list, name) == 1
    isMade = isMade && X509_CRL_set1_lastUpdate(list, begin) == 1
    isMade = isMade && X509_CRL_set1_nextUpdate(list, end) == 1
    for bytes in serials {
        let (entry, number) = (made(X509_REVOKED_new()), number(bytes))
        let serial = BN_to_ASN1_INTEGER(number, nil)
        defer {
            BN_free(number)
            ASN1_INTEGER_free(serial)
        }
        isMade = isMade && X509_REVOKED_set_serialNumber(entry, serial) == 1
        isMade = isMade && X509_REVOKED_set_revocationDate(entry, begin) == 1
        // From here on the list owns the entry.
        isMade = isMade && X509_CRL_add0_revoked(list, entry) == 1
    }
    isMade = isMade && X509_CRL_sort(list) == 1
    isMade = isMade && X509_CRL_sign(list, signer, nil) > 0
    precondition(isMade, "OpenSSL cannot make a list of \(serials.count) revocations")
    return encoded { i2d_X509_CRL(list, $0) }
}
