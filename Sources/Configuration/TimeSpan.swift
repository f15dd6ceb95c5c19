/// A length of time as people write it: `2s`, `500ms`, `-1.5min`; a bare number is in seconds. Whole nanoseconds, at
/// most 1e9 seconds.
public struct TimeSpan: Sendable, Hashable, Comparable, Codable {
    /// Whole nanoseconds, negative for a span into the past.
    public let nanoseconds: Int64

    /// The span in seconds, rounded to the nearest double.
    public var seconds: Double { Double(nanoseconds) * 1e-9 }

    /// The longest there is, some 31 years: sums of a few still count in 64 bits.
    public static let longest = TimeSpan(nanoseconds: 1_000_000_000_000_000_000)

    /// Must not be longer than the longest.
    public init(nanoseconds: Int64) {
        precondition(nanoseconds.magnitude <= 1_000_000_000_000_000_000, "a time span of \(nanoseconds) ns")
        self.nanoseconds = nanoseconds
    }

    /// Nil where the value is no time, or a longer one than there may be.
    public init?(_ value: OptionValue) {
        switch value {
        case .integer(let seconds): self.init(whole: Int64(seconds), nanosecondsEach: 1_000_000_000)
        case .number(let seconds): self.init(seconds, nanosecondsEach: 1_000_000_000)
        case .text(let text): self.init(text)
        default: return nil
        }
    }

    /// Reads a number with its unit.
    public init?(_ text: String) {
        guard let unit = Self.units.first(where: { text.hasSuffix($0.name) }) else { return nil }
        let number = text.dropLast(unit.name.count)
        let isDecimal = number.allSatisfy { $0.isASCII && ($0.isNumber || "+-.".contains($0)) }
        guard isDecimal, let last = number.last, last.isNumber else { return nil }
        if let whole = Int64(number) {
            self.init(whole: whole, nanosecondsEach: unit.nanoseconds)
        } else if let number = Double(number) {
            self.init(number, nanosecondsEach: unit.nanoseconds)
        } else {
            return nil
        }
    }

    private init?(whole: Int64, nanosecondsEach: Int64) {
        let (product, isTooLong) = whole.multipliedReportingOverflow(by: nanosecondsEach)
        guard !isTooLong, product.magnitude <= Self.longest.nanoseconds.magnitude else { return nil }
        nanoseconds = product
    }

    private init?(_ number: Double, nanosecondsEach: Int64) {
        let product = (number * Double(nanosecondsEach)).rounded()
        guard product.magnitude <= Double(Self.longest.nanoseconds) else { return nil }
        nanoseconds = Int64(product)
    }

    /// Where one unit's name ends in another's, the longer stands first.
    private static let units: [(name: String, nanoseconds: Int64)] = [
        ("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("min", 60_000_000_000),
        ("h", 3_600_000_000_000),
    ]

    /// A regular expression for the texts that are time spans, for schemas.
    public static let pattern = "^[+-]?([0-9]+(\\.[0-9]+)?|\\.[0-9]+)(ns|us|ms|s|min|h)$"

    /// Whether `a` is the shorter one; a negative span is shorter than none.
    public static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.nanoseconds < b.nanoseconds }
}

extension TimeSpan: CustomStringConvertible {
    /// The span in the largest of s, ms, us and ns that makes it a whole number; reads back the same.
    public var description: String {
        let fitting = Self.units.prefix(4).last { nanoseconds.isMultiple(of: $0.nanoseconds) } ?? Self.units[0]
        return "\(nanoseconds / fitting.nanoseconds)\(fitting.name)"
    }
}
