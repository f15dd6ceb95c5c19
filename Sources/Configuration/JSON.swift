/// A JSON value whose objects keep the order of their keys, for records with a fixed form.
///
/// JSON has no NaN and no infinity: they are written as null.
public indirect enum JSON: Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([(key: String, value: JSON)])

    public init(_ value: OptionValue) {
        switch value {
        case .null: self = .null
        case .boolean(let flag): self = .boolean(flag)
        case .integer(let integer): self = .integer(integer)
        case .number(let number): self = .number(number)
        case .text(let text): self = .string(text)
        case .list(let items): self = .array(items.map(JSON.init))
        case .table(let entries):
            self = .object(entries.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) })
        }
    }

    /// The value with the keys of every object in alphabetical order.
    public var sorted: JSON {
        switch self {
        case .array(let items): .array(items.map(\.sorted))
        case .object(let entries):
            .object(entries.map { ($0.key, $0.value.sorted) }.sorted { $0.0 < $1.0 })
        default: self
        }
    }

    /// The value in one line.
    public var text: String {
        var text = ""
        write(to: &text, indentation: nil)
        return text
    }

    /// The value with an entry a line, two spaces a level.
    public var indented: String {
        var text = ""
        write(to: &text, indentation: 0)
        return text
    }

    private func write(to text: inout String, indentation: Int?) {
        switch self {
        case .null: text += "null"
        case .boolean(let flag): text += flag ? "true" : "false"
        case .integer(let integer): text += "\(integer)"
        case .number(let number): text += number.isFinite ? "\(number)" : "null"
        case .string(let string): text += Self.quoted(string)
        case .array(let items):
            Self.writeList("[", "]", items, to: &text, indentation) { item, text, inner in
                item.write(to: &text, indentation: inner)
            }
        case .object(let entries):
            Self.writeList("{", "}", entries, to: &text, indentation) { entry, text, inner in
                text += Self.quoted(entry.key) + (inner == nil ? ":" : ": ")
                entry.value.write(to: &text, indentation: inner)
            }
        }
    }

    private static func writeList<Item>(
        _ opening: String, _ closing: String, _ items: [Item], to text: inout String, _ indentation: Int?,
        _ write: (Item, inout String, Int?) -> Void
    ) {
        let inner = items.isEmpty ? nil : indentation.map { $0 + 1 }
        func newline(_ level: Int?) -> String { level.map { "\n" + String(repeating: "  ", count: $0) } ?? "" }
        text += opening
        for (index, item) in items.enumerated() {
            text += (index == 0 ? "" : ",") + newline(inner)
            write(item, &text, inner)
        }
        text += (items.isEmpty ? "" : newline(indentation)) + closing
    }

    /// The string in quotes, with what JSON does not allow in them escaped. YAML reads it too.
    package static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value):
                text += "\\u" + UInt16(scalar.value).hexadecimal
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
