import Experiments

/// The settings in a run's `config.yaml`, as they are written.
package enum RunSettings {
    /// Why they cannot be read, and the line where that is.
    package struct Fault: Error {
        package let line: Int?
        package let message: String
    }

    /// The settings as paths and values, in the order of the file; bounded as experiment files are.
    package static func read(_ yaml: String) throws(Fault) -> [(key: String, value: String)] {
        do {
            let root = try YAMLReader.read(yaml) { line, column in .file("", line: line, column: column) }
            var settings: [(key: String, value: String)] = []
            flatten(root, path: "", into: &settings)
            return settings
        } catch {
            let line: Int? = if case .file(_, let line, _) = error.place { line } else { nil }
            throw Fault(line: line, message: error.message)
        }
    }

    private static func flatten(
        _ node: SettingNode, path: String, into settings: inout [(key: String, value: String)]
    ) {
        switch node.content {
        case .table(let fields) where !fields.isEmpty:
            for field in fields {
                flatten(field.node, path: path.isEmpty ? field.key : "\(path).\(field.key)", into: &settings)
            }
        case .table: settings.append((path, "{}"))
        case .scalar(_, let text): settings.append((path, text))
        case .list(let items):
            var inner: [(key: String, value: String)] = []
            for item in items { flatten(item, path: "", into: &inner) }
            let texts = inner.map { $0.key.isEmpty ? $0.value : "\($0.key): \($0.value)" }
            settings.append((path, "[\(texts.joined(separator: ", "))]"))
        }
    }
}
