/// A block of bytes as text between lines that say what it is (RFC 7468).
struct PEM: Hashable {
    var label: String
    var bytes: [UInt8]

    /// The block in lines of 64 letters, with a newline at the end.
    var text: String {
        let letters = Array(Base64.text(bytes))
        let lines = stride(from: 0, to: letters.count, by: 64).map {
            String(letters[$0..<min($0 + 64, letters.count)]) + "\n"
        }
        return "-----BEGIN \(label)-----\n\(lines.joined())-----END \(label)-----\n"
    }

    /// All blocks of a text; nil where one has no end or is no base64, or something stands between them.
    static func blocks(in text: String) -> [PEM]? {
        var blocks: [PEM] = []
        var open: (label: String, letters: String)?
        for line in text.split(whereSeparator: \.isNewline) {
            if let block = open {
                if line == "-----END \(block.label)-----" {
                    guard let bytes = Base64.bytes(block.letters) else { return nil }
                    blocks.append(PEM(label: block.label, bytes: bytes))
                    open = nil
                } else {
                    open?.letters += line
                }
            } else {
                guard line.hasPrefix("-----BEGIN "), line.hasSuffix("-----"), line.count > 16 else { return nil }
                open = (String(line.dropFirst(11).dropLast(5)), "")
            }
        }
        return open == nil ? blocks : nil
    }
}
