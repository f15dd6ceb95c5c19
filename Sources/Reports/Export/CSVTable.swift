/// Rows of texts in the form of RFC 4180: fields parted by commas, lines by CR and LF, a field in quotes where it holds
/// what would part it.
struct CSVTable: Sendable, Hashable {
    let header: [String]
    var rows: [[String]]

    var text: String { ([header] + rows).map { $0.map(Self.field).joined(separator: ",") + "\r\n" }.joined() }

    /// A field as it stands in a line.
    static func field(_ text: String) -> String {
        let needsQuotes = text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
        return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }

    /// The shortest digits that tell the number; nothing for what is none.
    static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "" }
        return value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
    }
}
