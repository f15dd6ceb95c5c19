import Configuration

/// A setting from the command line, `key.path=value`, which goes before the file's.
package struct Override: Sendable {
    package let text: String
    package let path: [String]
    package let node: SettingNode

    /// Throws when the text is not a path, an equals sign and a value in YAML.
    package init(_ text: String) throws(ExperimentError) {
        self.text = text
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw ExperimentError(.override(text), key: nil, Self.form)
        }
        let parts = text[..<equals].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty }) else {
            throw ExperimentError(.override(text), key: nil, Self.form)
        }
        guard parts.count <= YAMLReader.depthLimit else {
            throw ExperimentError(.override(text), key: nil, "no key lies \(parts.count) parts deep")
        }
        path = parts.map { OptionValue.canonicalKey(String($0)) }
        let value = String(text[text.index(after: equals)...])
        let read = try YAMLReader.read(value) { _, _ in .override(text) }
        // No text at all is null, as it is behind a key in a file.
        let isEmpty = value.allSatisfy(\.isWhitespace)
        node = isEmpty ? SettingNode(content: .scalar(.null, text: ""), place: read.place) : read
    }

    private static let form = "not of the form key.path=value, such as optimizer.learning_rate=0.1"

    /// Puts the value where the path leads.
    package func apply(to root: inout SettingNode) throws(ExperimentError) {
        if let obstacle = root.set(node, at: path[...]) {
            throw ExperimentError(.override(text), key: nil, "'\(obstacle)' is a single value and has no keys below it")
        }
    }
}
