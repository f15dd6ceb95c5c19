import Configuration

/// Settings as a caller writes them: JSON texts of what has a form in experiment files.
enum SettingsText {
    /// The options of a section: a JSON object, nothing where there is no text. Throws with the section as the key.
    static func options(_ text: String?, _ section: String) throws(ConfigurationError) -> Options {
        guard let text else { return Options() }
        guard case .table(let values) = try value(text, section) else {
            throw ConfigurationError(key: section, "\(excerpt(text)) is not a JSON object such as {\"key\": 1}")
        }
        return Options(values)
    }

    /// A JSON list, empty where there is no text. Throws with the section as the key.
    static func list(_ text: String?, _ section: String) throws(ConfigurationError) -> [OptionValue] {
        guard let text else { return [] }
        guard case .list(let items) = try value(text, section) else {
            throw ConfigurationError(key: section, "\(excerpt(text)) is not a JSON list")
        }
        return items
    }

    private static func value(_ text: String, _ section: String) throws(ConfigurationError) -> OptionValue {
        do throws(JSONError) {
            return OptionValue(try JSON(parsing: Array(text.utf8)))
        } catch {
            throw ConfigurationError(key: section, "\(excerpt(text)) is no JSON: \(error)")
        }
    }
}

extension OptionValue {
    /// The same as it would stand in an experiment file. Of a key that stands twice the last one counts.
    init(_ json: JSON) {
        self =
            switch json {
            case .null: .null
            case .boolean(let flag): .boolean(flag)
            case .integer(let number): .integer(number)
            case .number(let number): .number(number)
            case .string(let text): .text(text)
            case .array(let items): .list(items.map { OptionValue($0) })
            case .object(let entries):
                .table(
                    Dictionary(entries.map { ($0.key, OptionValue($0.value)) }, uniquingKeysWith: { _, last in last }))
            }
    }
}
