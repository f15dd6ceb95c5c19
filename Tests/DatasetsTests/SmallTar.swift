/// The bytes of a tar archive of small files, with or without the blocks of zeros at its end.
func tar(_ files: [(name: String, bytes: [UInt8])], isWhole: Bool = true) -> [UInt8] {
    files.flatMap { tarMember($0.name, $0.bytes) } + [UInt8](repeating: 0, count: isWhole ? 1024 : 0)
}

/// A header of ustar and the bytes behind it, filled up to blocks.
func tarMember(_ name: String, _ bytes: [UInt8], kind: Character = "0", magic: String = "ustar\u{0}00") -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at place: Int) {
        for (offset, byte) in text.utf8.enumerated() { header[place + offset] = byte }
    }
    func octal(_ number: Int, _ digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: digits - text.count) + text
    }
    put(String(name.prefix(100)), at: 0)
    put("0000644\u{0}0000000\u{0}0000000\u{0}", at: 100)
    put(octal(bytes.count, 11), at: 124)
    put(octal(0, 11), at: 136)
    put(String(kind), at: 156)
    put(magic, at: 257)
    put("        ", at: 148)
    put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\u{0} ", at: 148)
    return header + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
}
