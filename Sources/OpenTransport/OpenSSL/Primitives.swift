import COpenSSL

/// OpenSSL as it is wanted here, before anything else is asked of it: by itself it would free what it has when the
/// process exits, while engines may still be at work on their threads.
private let isOpenSSLReady = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil) == 1

private func prepareOpenSSL() { precondition(isOpenSSLReady, "OpenSSL does not begin") }

/// The SHA-256 of some bytes: 32 bytes.
func sha256(_ bytes: [UInt8]) -> [UInt8] {
    prepareOpenSSL()
    var digest = [UInt8](repeating: 0, count: 32)
    SHA256(bytes, bytes.count, &digest)
    return digest
}

/// Bytes that nobody can guess, from the system by OpenSSL's generator.
func entropy(byteCount: Int) -> [UInt8] {
    prepareOpenSSL()
    var bytes = [UInt8](repeating: 0, count: byteCount)
    let isGiven = RAND_bytes(&bytes, Int32(byteCount)) == 1
    precondition(isGiven, "the system gives no entropy")
    return bytes
}

/// What OpenSSL fails to make only for want of memory.
func made(_ pointer: OpaquePointer?) -> OpaquePointer {
    guard let pointer else { preconditionFailure("OpenSSL has no memory") }
    return pointer
}

/// The 32 bytes of the public key that goes with a seed of 32 bytes.
func ed25519PublicKey(seed: [UInt8]) -> PublicKey {
    let key = privateKeyObject(seed: seed)
    defer { EVP_PKEY_free(key) }
    guard let publicKey = ed25519PublicKey(key) else { preconditionFailure("OpenSSL made a key of another kind") }
    return publicKey
}

/// The bytes of an Ed25519 key; nil where it is of another kind.
func ed25519PublicKey(_ key: OpaquePointer?) -> PublicKey? {
    guard let key, EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 else { return nil }
    var (bytes, count) = ([UInt8](repeating: 0, count: 32), 32)
    guard EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1, count == 32 else { return nil }
    return PublicKey(bytes: bytes)
}

/// The private key of a seed of 32 bytes. The caller frees it.
func privateKeyObject(seed: [UInt8]) -> OpaquePointer {
    prepareOpenSSL()
    return made(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count))
}

/// A public key; any 32 bytes are taken for one. The caller frees it.
func publicKeyObject(_ key: PublicKey) -> OpaquePointer {
    prepareOpenSSL()
    return made(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, key.bytes, key.bytes.count))
}

/// A big number from its bytes, the highest first. The caller frees it.
func number(_ bytes: [UInt8]) -> OpaquePointer { made(BN_bin2bn(bytes, Int32(bytes.count), nil)) }

/// The bytes that OpenSSL's encoders write: one of them is called for the length and then for the bytes.
func encoded(_ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) -> [UInt8] {
    let count = Int(encode(nil))
    precondition(count > 0, "OpenSSL cannot encode what it made")
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
        var place = buffer.baseAddress
        used = Int(encode(&place))
    }
}

/// What one of OpenSSL's decoders makes of all of the bytes; nil where some are left over. The caller frees it.
func decoded(
    _ bytes: [UInt8], free: (OpaquePointer?) -> Void,
    _ decode: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> OpaquePointer?
) -> OpaquePointer? {
    prepareOpenSSL()
    ERR_clear_error()
    return bytes.withUnsafeBufferPointer { buffer in
        var place = buffer.baseAddress
        let object = decode(&place, buffer.count)
        if object != nil, place == buffer.baseAddress.map({ $0 + buffer.count }) { return object }
        free(object)
        return nil
    }
}
