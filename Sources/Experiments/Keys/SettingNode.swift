package import Configuration

/// A value of an experiment file together with the place where it was written.
package struct SettingNode: Sendable {
    package var content: Content
    /// Where the value stands, or its key where it has one.
    package var place: ExperimentError.Place

    package enum Content: Sendable {
        /// `text` is the scalar as it was written: `no` where the value is false.
        case scalar(OptionValue, text: String)
        case list([SettingNode])
        case table([Field])
    }

    package struct Field: Sendable {
        package let key: String
        package var node: SettingNode
    }

    /// The value, without the places.
    package var value: OptionValue {
        switch content {
        case .scalar(let value, _): value
        case .list(let items): .list(items.map(\.value))
        case .table(let fields):
            .table(Dictionary(fields.map { ($0.key, $0.node.value) }, uniquingKeysWith: { _, last in last }))
        }
    }

    /// The value as something of this kind would read it: where a word is expected, `no` and `1.10` are words.
    package func value(for kind: OptionDescription.Kind) -> OptionValue {
        guard case .scalar(let value, let text) = content, value != .null else { return self.value }
        switch kind {
        case .text, .choice: return .text(text)
        default: return value
        }
    }

    /// The fields of a table; nil where it is none.
    package var fields: [Field]? {
        if case .table(let fields) = content { return fields }
        return nil
    }

    package subscript(key: String) -> SettingNode? {
        fields?.first { $0.key == key }?.node
    }

    /// Puts a value at the end of a path, making the tables on the way that are missing.
    ///
    /// Returns the part of the path that is no table and so cannot hold the rest, or nil when all went well.
    package mutating func set(_ node: SettingNode, at path: ArraySlice<String>) -> String? {
        guard let key = path.first else {
            self = node
            return nil
        }
        guard case .table(var fields) = content else { return "" }
        let index = fields.firstIndex { $0.key == key } ?? fields.count
        if index == fields.count {
            fields.append(Field(key: key, node: SettingNode(content: .table([]), place: node.place)))
        }
        let obstacle = fields[index].node.set(node, at: path.dropFirst())
        content = .table(fields)
        return obstacle.map { $0.isEmpty ? key : "\(key).\($0)" }
    }
}
