/// One header of a tar archive.
struct TarHeader {
    enum Kind {
        case file
        /// GNU tar's header whose bytes are the name of the file behind it.
        case longName
        /// The header of pax whose bytes are what this one has no room for.
        case extended
        /// What stands before a file and says nothing that is needed here.
        case ignored
        /// A folder, a link or a device.
        case other
    }

    let name: String
    /// Bytes behind the header.
    let size: Int
    let kind: Kind

    /// The header in a block of 512 bytes; nil where its sum is wrong or a number is none.
    init?(_ bytes: [UInt8]) {
        // The sum counts its own eight bytes as spaces.
        let sum = bytes.indices.reduce(0) { $0 + ((148..<156).contains($1) ? 32 : Int(bytes[$1])) }
        guard Self.number(bytes[148..<156]) == sum, let size = Self.number(bytes[124..<136]), size < 1 << 50 else {
            return nil
        }
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range].prefix { $0 != 0 }, as: UTF8.self) }
        let isUstar = text(257..<262) == "ustar" && bytes[262] == 0
        let folder = isUstar ? text(345..<500) : ""
        name = folder.isEmpty ? text(0..<100) : "\(folder)/\(text(0..<100))"
        switch bytes[156] {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): kind = name.hasSuffix("/") ? .other : .file
        case UInt8(ascii: "L"): kind = .longName
        case UInt8(ascii: "x"): kind = .extended
        case UInt8(ascii: "g"), UInt8(ascii: "K"): kind = .ignored
        default: kind = .other
        }
        // Links, devices and folders have no bytes, whatever they say of the size of something else.
        let isEmpty = (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(bytes[156])
        self.size = isEmpty ? 0 : size
    }

    /// A number in octal digits, or as GNU tar writes large ones: a byte 80 and the rest of the bytes.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        if field.first == 0x80 {
            return field.dropFirst().reduce(0 as Int?) { value, byte in
                value.flatMap { $0 < 1 << 54 ? $0 << 8 | Int(byte) : nil }
            }
        }
        let digits = field.drop { $0 == 32 }.prefix { $0 != 32 && $0 != 0 }
        guard !digits.isEmpty else { return 0 }
        return Int(String(decoding: digits, as: UTF8.self), radix: 8).flatMap { $0 >= 0 ? $0 : nil }
    }

    /// The words of an extended header: lines of a length, a space, a key, `=` and a value.
    static func extended(_ bytes: [UInt8]) -> [String: String] {
        var words: [String: String] = [:]
        var rest = bytes[...]
        while let space = rest.firstIndex(of: 32),
            let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
            length > space - rest.startIndex + 1, length <= rest.count
        {
            let line = rest[(space + 1)..<(rest.startIndex + length)].dropLast()
            if let equals = line.firstIndex(of: UInt8(ascii: "=")) {
                words[String(decoding: line[..<equals], as: UTF8.self)] =
                    String(decoding: line[(equals + 1)...], as: UTF8.self)
            }
            rest = rest.dropFirst(length)
        }
        return words
    }
}
