import Foundation

/// Numbers as people read them.
public enum Quantity {
    /// With a fixed number of places; a dash for nothing.
    static func decimal(_ value: Double?, _ places: Int) -> String {
        guard let value else { return "–" }
        return value.isNaN ? "nan" : value.isFinite ? String(format: "%.\(places)f", value) : "\(value)"
    }

    /// How far apart models are: four places, and two digits with a power of ten where those would be zeros.
    public static func distance(_ value: Double?) -> String {
        guard let value, value.isFinite, value != 0, value.magnitude < 0.001 else { return decimal(value, 4) }
        return String(format: "%.1e", value)
    }

    /// A whole number with its digits in threes.
    static func count(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        let groups = digits.enumerated().map { index, digit in
            (index > 0 && (digits.count - index) % 3 == 0 ? "," : "") + String(digit)
        }
        return (value < 0 ? "-" : "") + groups.joined()
    }

    /// A number rounded to a whole one; with four digits where it is too large for all to be known.
    static func count(_ value: Double) -> String {
        value.magnitude < 9e15 ? count(Int(value.rounded())) : String(format: "%.4g", value)
    }

    /// A whole number and what it counts: `1 peer`, `2 peers`.
    static func count(_ value: Int, _ noun: String) -> String {
        "\(count(value)) \(noun)\(value == 1 ? "" : "s")"
    }

    /// In the largest unit of which there is at least one.
    public static func bytes(_ count: Double) -> String {
        var value = count
        for unit in ["bytes", "kB", "MB", "GB"] {
            if value < 1000 { return unit == "bytes" ? "\(Self.count(count)) bytes" : decimal(value, 1) + " " + unit }
            value /= 1000
        }
        return decimal(value, 1) + " TB"
    }

    /// Seconds; from two minutes on in minutes, from two hours on in hours.
    static func duration(_ seconds: Double) -> String {
        if seconds < 120 { return decimal(seconds, 1) + " s" }
        return seconds < 7200 ? decimal(seconds / 60, 1) + " min" : decimal(seconds / 3600, 1) + " h"
    }

    /// With a letter for thousands, millions and so on: for the ticks of an axis.
    static func short(_ value: Double) -> String {
        for (unit, letter) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where value.magnitude >= unit {
            return String(format: "%.4g", value / unit) + letter
        }
        return String(format: "%.4g", value)
    }
}
