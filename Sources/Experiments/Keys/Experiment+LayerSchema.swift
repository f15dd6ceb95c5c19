import Configuration
import Models

extension Experiment {
    /// The JSON Schema of a layer of a network that the user writes: a word, or a table of a word with its value and
    /// its other settings.
    static var layerSchema: JSON {
        let kinds = LayerList.descriptions
        let words = kinds.filter { !hasValue($0) }.map { JSON.string($0.name) }
        return .object([("anyOf", .array([.object([("enum", .array(words))])] + kinds.map(table)))])
    }

    private static func hasValue(_ kind: Description) -> Bool { kind.options.contains { $0.name == kind.name } }

    private static func table(_ kind: Description) -> JSON {
        // A word without a value stands in a table for the sake of its settings alone.
        let word = hasValue(kind) ? [] : [(key: kind.name, value: JSON.object([("type", .string("null"))]))]
        return .object([
            ("description", .string("\(kind.name): \(kind.summary)")), ("type", .string("object")),
            ("properties", .object(word + kind.options.map { ($0.name, $0.schema) })),
            ("required", .array([.string(kind.name)])), ("additionalProperties", .boolean(false)),
        ])
    }
}
