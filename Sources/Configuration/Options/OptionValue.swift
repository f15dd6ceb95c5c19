/// A value as it stands in an experiment file, before anyone has said what type it should have.
public indirect enum OptionValue: Sendable, Hashable, Codable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([OptionValue])
    case table([String: OptionValue])

    /// The value as a number; an integer is one too.
    public var asNumber: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The value as an integer; so is a number without a fraction, since people write `1e4`.
    public var asInteger: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The value as a list of numbers.
    public var asNumbers: [Double]? {
        guard case .list(let items) = self else { return nil }
        let numbers = items.compactMap(\.asNumber)
        return numbers.count == items.count ? numbers : nil
    }

    /// The value as a matrix, which is a list of rows of numbers.
    public var asRows: [[Double]]? {
        guard case .list(let items) = self else { return nil }
        let rows = items.compactMap(\.asNumbers)
        return rows.count == items.count ? rows : nil
    }

    /// The value as a list of matrices; one matrix alone is a list of one, and an empty list holds none.
    public var asMatrices: [[[Double]]]? {
        if case .list([]) = self { return [] }
        if let rows = asRows { return [rows] }
        guard case .list(let items) = self else { return nil }
        let matrices = items.compactMap(\.asRows)
        return matrices.count == items.count ? matrices : nil
    }

    /// The value as it would be written in an experiment file.
    public var written: String {
        switch self {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text(let value): value
        case .list(let items): "[" + items.map(\.written).joined(separator: ", ") + "]"
        case .table(let items):
            "{" + Self.written(items) + "}"
        }
    }

    private static func written(_ table: [String: OptionValue]) -> String {
        table.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.written)" }.joined(separator: ", ")
    }
}
