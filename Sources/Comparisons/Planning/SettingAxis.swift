import Configuration
public import Experiments

/// A setting that runs differ in: `key.path=value,value`.
public struct SettingAxis: Sendable {
    /// The path of the key.
    let key: String
    /// Its values as a file has them.
    let values: [String]

    /// Whether runs that differ in it are the same otherwise, and so one row.
    var isSeed: Bool { key == "seed" || key == "simulation.seed" }

    /// Reads an axis; the values are parted by commas that stand in no brackets. Throws where it is none.
    public init(_ text: String) throws(ExperimentError) {
        let place = ExperimentError.Place.override(text)
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw ExperimentError(place, key: nil, "not of the form key.path=value,value, such as peers=4,8,16")
        }
        let read = try YAMLReader.read("[\(parts[1])]") { _, _ in place }
        guard case .list(let items) = read.content, !items.isEmpty else {
            throw ExperimentError(place, key: nil, "values parted by commas are expected behind the equals sign")
        }
        let values = items.map(\.settingText)
        guard Set(values).count == values.count else {
            throw ExperimentError(place, key: nil, "a value stands there twice; keep one")
        }
        self.init(key: String(parts[0]), values: values)
    }

    init(key: String, values: [String]) {
        self.key = key
        self.values = values
    }
}

extension SettingNode {
    /// The value as an override has it behind its equals sign.
    var settingText: String {
        // A number keeps the form in which it stands, a text the quotes that it needs.
        if case .scalar(let value, let text) = content, case .number = value { return text }
        return value.yaml
    }

    /// The value as it stands in the file, without quotes.
    var writtenText: String {
        if case .scalar(_, let text) = content { return text }
        return value.yaml
    }

    /// The settings of a table, each `key.path=value`, in its order: a table within it makes a longer path.
    var settingTexts: [String] {
        (fields ?? []).flatMap { field -> [String] in
            guard let inner = field.node.fields, !inner.isEmpty else {
                return ["\(field.key)=\(field.node.settingText)"]
            }
            return field.node.settingTexts.map { "\(field.key).\($0)" }
        }
    }
}
