extension OptionValue {
    /// What a text without quotes means by the core schema of YAML 1.2 (yaml.org/spec/1.2.2, section 10.3.2): `064` is
    /// 64, `0o10` is 8, `0x10` is 16, and `1:30`, `1_000`, `no` and `on` are words.
    public init(plain text: String) {
        self =
            switch text {
            case "", "~", "null", "Null", "NULL": .null
            case "true", "True", "TRUE": .boolean(true)
            case "false", "False", "FALSE": .boolean(false)
            case ".nan", ".NaN", ".NAN": .number(.nan)
            case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": .number(.infinity)
            case "-.inf", "-.Inf", "-.INF": .number(-.infinity)
            default: Self.number(text) ?? .text(text)
            }
    }

    /// The key of a table in its one form: a whole number without zeros in front, whatever its notation.
    public static func canonicalKey(_ text: String) -> String {
        if case .integer(let number) = OptionValue(plain: text) { "\(number)" } else { text }
    }

    private static func number(_ text: String) -> OptionValue? {
        if text.hasPrefix("0o") { return whole(text.dropFirst(2), radix: 8) }
        if text.hasPrefix("0x") { return whole(text.dropFirst(2), radix: 16) }
        guard isDecimal(text) else { return nil }
        return Int(text).map(OptionValue.integer) ?? Double(text).map(OptionValue.number)
    }

    private static func whole(_ digits: Substring, radix: Int) -> OptionValue? {
        // A sign is for decimal numbers alone.
        guard digits.first?.isHexDigit == true else { return nil }
        return Int(digits, radix: radix).map(OptionValue.integer)
    }

    /// Whether a text is a sign, digits with at most one point among them, and an exponent, of which one digit alone is
    /// a must.
    private static func isDecimal(_ text: String) -> Bool {
        var rest = text.utf8[...]
        func skip(_ letters: String) -> Bool {
            guard let first = rest.first, letters.utf8.contains(first) else { return false }
            rest.removeFirst()
            return true
        }
        func skipDigits() -> Int {
            let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
            rest.removeFirst(count)
            return count
        }
        _ = skip("+-")
        var digits = skipDigits()
        if skip(".") { digits += skipDigits() }
        guard digits > 0 else { return false }
        if skip("eE") {
            _ = skip("+-")
            guard skipDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}
