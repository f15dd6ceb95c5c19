import Configuration
import Experiments

/// A table of a file in which every key must be known.
struct FileTable {
    private let node: SettingNode
    private let path: String

    /// Throws where the node is no table, or has a key that is not among the known ones.
    init(_ node: SettingNode, _ path: String, known: [String]) throws(ExperimentError) {
        guard let fields = node.fields else {
            throw ExperimentError(node.place, key: path, "a table of keys is expected")
        }
        for field in fields where !known.contains(field.key) {
            throw ExperimentError(
                field.node.place, key: path.isEmpty ? excerpt(field.key) : "\(path).\(excerpt(field.key))",
                unknown("key", field.key, known: known))
        }
        self.node = node
        self.path = path
    }

    private func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    subscript(key: String) -> SettingNode? { node[key] }

    /// A complaint about a key, or about the table where the key is not there.
    func complaint(_ key: String, _ message: String) -> ExperimentError {
        ExperimentError(node[key]?.place ?? node.place, key: name(key), message)
    }

    /// The text behind a key; nil where there is none.
    func text(_ key: String) throws(ExperimentError) -> String? {
        guard let node = node[key] else { return nil }
        guard case .scalar(let value, let text) = node.content, value != .null else {
            throw complaint(key, "a text is expected")
        }
        return text
    }

    /// The text behind a key that must be there.
    func requiredText(_ key: String) throws(ExperimentError) -> String {
        guard let text = try text(key) else { throw complaint(key, "is missing") }
        return text
    }

    /// Whether a key says true; false where it is not there.
    func isSet(_ key: String) throws(ExperimentError) -> Bool {
        guard let text = try text(key) else { return false }
        guard let value = Bool(text) else { throw complaint(key, "true or false is expected") }
        return value
    }

    /// The settings behind a key, each `key.path=value`; none where the key is not there.
    func settings(_ key: String) throws(ExperimentError) -> [String] {
        guard let node = node[key] else { return [] }
        guard node.fields != nil else {
            throw complaint(key, "settings are expected, such as {algorithm.name: gosgd}")
        }
        return node.settingTexts
    }

    /// The items of a list behind a key; none where the key is not there.
    func items(_ key: String) throws(ExperimentError) -> [SettingNode] {
        guard let node = node[key] else { return [] }
        guard case .list(let items) = node.content else { throw complaint(key, "a list is expected") }
        return items
    }

    /// The fields of a table behind a key; none where the key is not there.
    func fields(_ key: String) throws(ExperimentError) -> [SettingNode.Field] {
        guard let node = node[key] else { return [] }
        guard let fields = node.fields else { throw complaint(key, "a table of keys is expected") }
        return fields
    }

    /// Words from a list of words behind a key; nil where the key is not there.
    func words(_ key: String) throws(ExperimentError) -> [String]? {
        guard self[key] != nil else { return nil }
        var words: [String] = []
        for item in try items(key) {
            guard case .scalar(_, let text) = item.content else { throw complaint(key, "a list of words is expected") }
            words.append(text)
        }
        return words
    }
}
