import COpenSSL

/// Base64 with padding (RFC 4648, section 4).
enum Base64 {
    static func text(_ bytes: [UInt8]) -> String {
        // OpenSSL ends the text by a zero.
        var letters = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let count = EVP_EncodeBlock(&letters, bytes, Int32(bytes.count))
        return String(decoding: letters.prefix(Int(count)), as: UTF8.self)
    }

    /// The bytes of a text; nil where it is none that `text` writes.
    static func bytes(_ text: String) -> [UInt8]? {
        let letters = Array(text.utf8)
        guard letters.count.isMultiple(of: 4) else { return nil }
        // Padding becomes zeros.
        var bytes = [UInt8](repeating: 0, count: letters.count / 4 * 3)
        guard EVP_DecodeBlock(&bytes, letters, Int32(letters.count)) == bytes.count else { return nil }
        bytes.removeLast(letters.suffix(2).count { $0 == UInt8(ascii: "=") })
        return self.text(bytes) == text ? bytes : nil
    }
}
