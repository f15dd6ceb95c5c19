/// Reads a header; anything that JSON, or the format, does not allow there is an error that names its place.
struct JSONParser {
    private let text: [UInt8]
    private var place = 0
    /// Objects and lists around the current place; a header needs three.
    private var depth = 0

    init(_ text: [UInt8]) {
        self.text = text
    }

    /// The one value of the whole text.
    mutating func document() throws(Malformed) -> JSONValue {
        let value = try value()
        skipSpace()
        guard place == text.count else { throw fault("more text behind the end") }
        return value
    }

    private mutating func value() throws(Malformed) -> JSONValue {
        skipSpace()
        guard let current else { throw fault("no value") }
        switch current {
        case UInt8(ascii: "{"): return .object(try members())
        case UInt8(ascii: "["): return .list(try items())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return .integer(try integer())
        default: throw fault("no object, list, string or whole number")
        }
    }

    private mutating func members() throws(Malformed) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        var keys: Set<String> = []
        try between("{", "}") { parser throws(Malformed) in
            parser.skipSpace()
            let key = try parser.string()
            guard keys.insert(key).inserted else { throw Malformed("the header holds '\(key)' twice") }
            parser.skipSpace()
            try parser.expect(":")
            members.append(JSONValue.Member(key: key, value: try parser.value()))
        }
        return members
    }

    private mutating func items() throws(Malformed) -> [JSONValue] {
        var items: [JSONValue] = []
        try between("[", "]") { parser throws(Malformed) in
            items.append(try parser.value())
        }
        return items
    }

    /// Reads what stands between two brackets, parted by commas.
    private mutating func between(
        _ opening: Unicode.Scalar, _ closing: Unicode.Scalar,
        _ item: (inout JSONParser) throws(Malformed) -> Void
    ) throws(Malformed) {
        try expect(opening)
        depth += 1
        guard depth <= 4 else { throw fault("objects nested too deep") }
        defer { depth -= 1 }
        skipSpace()
        if current == UInt8(ascii: closing) {
            place += 1
            return
        }
        while true {
            try item(&self)
            skipSpace()
            if current == UInt8(ascii: closing) {
                place += 1
                return
            }
            try expect(",")
        }
    }

    private mutating func integer() throws(Malformed) -> Int {
        let start = place
        var number = 0
        while let digit = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) {
            let (tens, first) = number.multipliedReportingOverflow(by: 10)
            let (sum, second) = tens.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
            guard !first, !second else { throw fault("a number too large") }
            number = sum
            place += 1
        }
        guard text[start] != UInt8(ascii: "0") || place == start + 1 else { throw fault("a number that begins with 0") }
        return number
    }

    private mutating func string() throws(Malformed) -> String {
        try expect("\"")
        var bytes: [UInt8] = []
        while let byte = current {
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: bytes, as: UTF8.self) else {
                    throw fault("a string that is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"):
                bytes += Array(String(try escaped()).utf8)
            case 0..<0x20:
                throw fault("a control character in a string")
            default:
                bytes.append(byte)
            }
        }
        throw fault("a string without end")
    }

    /// What stands behind a backslash.
    private mutating func escaped() throws(Malformed) -> Unicode.Scalar {
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

    /// The scalar of an escape of four digits, or of two of them that are a surrogate pair.
    private mutating func unicode() throws(Malformed) -> Unicode.Scalar {
        var code = try hexadecimal()
        if (0xD800..<0xDC00).contains(code) {
            try expect("\\")
            try expect("u")
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low) else { throw fault("half a surrogate pair") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw fault("half a surrogate pair") }
        return scalar
    }

    private mutating func hexadecimal() throws(Malformed) -> UInt32 {
        let digits = String(decoding: text[place...].prefix(4), as: UTF8.self)
        guard digits.count == 4, digits.allSatisfy(\.isHexDigit), let code = UInt32(digits, radix: 16) else {
            throw fault("an escape without its four digits")
        }
        place += 4
        return code
    }

    private var current: UInt8? { place < text.count ? text[place] : nil }

    private mutating func expect(_ scalar: Unicode.Scalar) throws(Malformed) {
        guard current == UInt8(ascii: scalar) else { throw fault("no '\(scalar)'") }
        place += 1
    }

    private mutating func skipSpace() {
        while let byte = current, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
    }

    private func fault(_ what: String) -> Malformed {
        Malformed("the header breaks JSON at its byte \(place): \(what)")
    }
}

/// The string as a JSON string.
func quoted(_ string: String) -> String {
    var text = "\""
    for scalar in string.unicodeScalars {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        case "\u{8}": text += "\\b"
        case "\u{c}": text += "\\f"
        case "\u{0}"..."\u{1F}":
            let digits = String(scalar.value, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: text.unicodeScalars.append(scalar)
        }
    }
    return text + "\""
}
