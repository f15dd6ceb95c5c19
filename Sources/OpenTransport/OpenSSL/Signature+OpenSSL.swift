import COpenSSL

// Ed25519 signatures (RFC 8032) of what members say of themselves.

extension PrivateKey {
    /// The signature of some bytes: 64 bytes, always the same.
    func signature(of bytes: [UInt8]) -> [UInt8] {
        let (key, context) = (privateKeyObject(seed: seed), made(EVP_MD_CTX_new()))
        defer {
            EVP_MD_CTX_free(context)
            EVP_PKEY_free(key)
        }
        var (signature, count) = ([UInt8](repeating: 0, count: PublicKey.signatureByteCount), 64)
        let isMade =
            EVP_DigestSignInit(context, nil, nil, nil, key) == 1
            && EVP_DigestSign(context, &signature, &count, bytes, bytes.count) == 1
        precondition(isMade && count == signature.count, "OpenSSL signs nothing")
        return signature
    }
}

extension PublicKey {
    static let signatureByteCount = 64

    /// Whether the key's holder has signed these bytes.
    func hasSigned(_ bytes: [UInt8], _ signature: [UInt8]) -> Bool {
        guard signature.count == Self.signatureByteCount else { return false }
        let (key, context) = (publicKeyObject(self), made(EVP_MD_CTX_new()))
        defer {
            EVP_MD_CTX_free(context)
            EVP_PKEY_free(key)
        }
        ERR_clear_error()
        return EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
    }
}
