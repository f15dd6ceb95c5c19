extension JSON {
    /// The value of a whole text (RFC 8259). Whole numbers that an `Int` holds are integers, all others are numbers.
    package init(parsing text: some Collection<UInt8>) throws(JSONError) {
        var reader = JSONReader(text)
        self = try reader.document()
    }

    /// The value of the first entry of that name in an object; nil where there is none, and in anything else.
    package subscript(key: String) -> JSON? {
        guard case .object(let entries) = self else { return nil }
        return entries.first { $0.key == key }?.value
    }
}

/// Reads JSON byte for byte: records of a thousand peers are a million lines.
private struct JSONReader {
    private let text: [UInt8]
    private var place = 0
    private var depth = 0

    init(_ text: some Collection<UInt8>) { self.text = Array(text) }

    mutating func document() throws(JSONError) -> JSON {
        let value = try value()
        skipSpace()
        guard place == text.count else { throw fault("more text behind the end") }
        return value
    }

    private mutating func value() throws(JSONError) -> JSON {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object() throws(JSONError) -> JSON {
        var entries: [(key: String, value: JSON)] = []
        try items(until: UInt8(ascii: "}")) { reader throws(JSONError) in
            reader.skipSpace()
            let key = try reader.string()
            reader.skipSpace()
            try reader.expect(UInt8(ascii: ":"))
            entries.append((key, try reader.value()))
        }
        return .object(entries)
    }

    private mutating func array() throws(JSONError) -> JSON {
        var values: [JSON] = []
        try items(until: UInt8(ascii: "]")) { reader throws(JSONError) in values.append(try reader.value()) }
        return .array(values)
    }

    /// Reads what stands between two brackets, parted by commas.
    private mutating func items(
        until closing: UInt8, _ item: (inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        place += 1
        depth += 1
        guard depth <= 64 else { throw fault("values nested too deep") }
        defer { depth -= 1 }
        skipSpace()
        if current == closing {
            place += 1
            return
        }
        while true {
            try item(&self)
            skipSpace()
            if current == closing {
                place += 1
                return
            }
            try expect(UInt8(ascii: ","))
        }
    }

    private mutating func number() throws(JSONError) -> JSON {
        let start = place
        var isWhole = true
        while let byte = current {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): break
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"): isWhole = false
            default: return try number(start, isWhole)
            }
            place += 1
        }
        return try number(start, isWhole)
    }

    private func number(_ start: Int, _ isWhole: Bool) throws(JSONError) -> JSON {
        let word = String(decoding: text[start..<place], as: UTF8.self)
        let digits = word.drop { $0 == "-" }
        if digits.first == "0", digits.dropFirst().first?.isWholeNumber == true {
            throw fault("a number that begins with 0")
        }
        if isWhole, let integer = Int(word) { return .integer(integer) }
        guard word.utf8.last.map({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) == true,
            word.utf8.first != UInt8(ascii: "+"), let number = Double(word), number.isFinite
        else { throw fault(word.isEmpty ? "no value" : "no number, or one out of range") }
        return .number(number)
    }

    private mutating func word(_ word: String, _ value: JSON) throws(JSONError) -> JSON {
        for byte in word.utf8 { try expect(byte) }
        return value
    }

    private mutating func string() throws(JSONError) -> String {
        try expect(UInt8(ascii: "\""))
        let start = place
        // Most strings hold nothing that is escaped.
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { place += 1 }
        var bytes = Array(text[start..<place])
        while let byte = current {
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: bytes, as: UTF8.self) else {
                    throw fault("a string that is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): bytes += Array(String(try escaped()).utf8)
            case 0..<0x20: throw fault("a control character in a string")
            default: bytes.append(byte)
            }
        }
        throw fault("a string without end")
    }

    /// What stands behind a backslash.
    private mutating func escaped() throws(JSONError) -> Unicode.Scalar {
        guard let byte = current else { throw fault("a string without end") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicode()
        default: throw fault("an unknown escape in a string")
        }
    }

    private mutating func unicode() throws(JSONError) -> Unicode.Scalar {
        var code = try hexadecimal()
        if (0xD800..<0xDC00).contains(code) {
            try expect(UInt8(ascii: "\\"))
            try expect(UInt8(ascii: "u"))
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low) else { throw fault("half a surrogate pair") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw fault("half a surrogate pair") }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        let digits = String(decoding: text[place...].prefix(4), as: UTF8.self)
        guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit), let code = UInt32(digits, radix: 16) else {
            throw fault("an escape without its four digits")
        }
        place += 4
        return code
    }

    private var current: UInt8? { place < text.count ? text[place] : nil }

    private mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard current == byte else { throw fault("no '\(Unicode.Scalar(byte))'") }
        place += 1
    }

    private mutating func skipSpace() {
        while let byte = current, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
    }

    private func fault(_ what: String) -> JSONError { JSONError(reason: "\(what) at byte \(place)") }
}
