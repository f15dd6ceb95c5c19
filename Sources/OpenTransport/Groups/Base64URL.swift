/// Base64 in the letters that URLs and shells leave alone, without padding (RFC 4648, section 5).
enum Base64URL {
    static func text(_ bytes: [UInt8]) -> String {
        replacing([("+", "-"), ("/", "_")], in: Base64.text(bytes).utf8.filter { $0 != UInt8(ascii: "=") })
    }

    /// The bytes of a text; nil where it is none that `text` writes.
    static func bytes(_ text: String) -> [UInt8]? {
        let letters = replacing([("-", "+"), ("_", "/")], in: Array(text.utf8))
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let bytes = Base64.bytes(letters + padding) else { return nil }
        return self.text(bytes) == text ? bytes : nil
    }

    private static func replacing(
        _ pairs: [(from: Unicode.Scalar, to: Unicode.Scalar)], in letters: [UInt8]
    ) -> String {
        let replaced = letters.map { letter in
            pairs.first { UInt8(ascii: $0.from) == letter }.map { UInt8(ascii: $0.to) } ?? letter
        }
        return String(decoding: replaced, as: UTF8.self)
    }
}
