public import Configuration
import Models

extension Experiment {
    /// The JSON Schema (2020-12) of the experiment file in this build, for editors and other checkers.
    public static func schema(_ registries: Registries) -> JSON {
        .object([
            ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
            ("title", .string("murmur experiment")),
            ("type", .string("object")),
            (
                "properties",
                .object(
                    entries.map { entry in
                        switch entry {
                        case .key(let key): (key.name, schema(key))
                        case .section(let section): (section.name, schema(section, registries))
                        }
                    })
            ),
            ("additionalProperties", .boolean(false)),
            ("$defs", .object([(LayerList.itemName, layerSchema)])),
        ])
    }

    private static func schema(_ key: Key) -> JSON { key.description.schema }

    private static func schema(_ section: Section, _ registries: Registries) -> JSON {
        var properties = section.keys.map { (key: $0.name, value: schema($0)) }
        var fields: [(key: String, value: JSON)] = [
            ("description", .string(section.meaning)), ("type", .string("object")),
        ]
        if let choice = section.choice {
            let known = registries[keyPath: choice.registry]
            properties.insert((choice.key, schema(choice, known)), at: 0)
            fields.append(("allOf", .array(known.map { condition($0, choice) })))
        }
        fields.append(("properties", .object(properties)))
        fields.append(("unevaluatedProperties", .boolean(false)))
        return .object(fields)
    }

    /// The key that chooses, with the names that there are.
    private static func schema(_ choice: Section.Selector, _ known: [Description]) -> JSON {
        let names = known.map { "\($0.name): \($0.summary)" }.joined(separator: "; ")
        return .object([
            ("description", .string("the \(choice.noun): \(names)")),
            ("enum", .array(known.map { .string($0.name) })),
            ("default", .string(choice.defaultName)),
        ])
    }

    /// The options that one name brings with it. The default's hold where no name is given, too.
    private static func condition(_ description: Description, _ choice: Section.Selector) -> JSON {
        var condition: [(key: String, value: JSON)] = [
            ("properties", .object([(choice.key, .object([("const", .string(description.name))]))]))
        ]
        if description.name != choice.defaultName {
            condition.append(("required", .array([.string(choice.key)])))
        }
        return .object([
            ("if", .object(condition)),
            ("then", .object([("properties", .object(description.options.map { ($0.name, $0.schema) }))])),
        ])
    }
}

extension OptionDescription {
    /// The JSON Schema of the option's value.
    package var schema: JSON {
        let type = schemaType
        let allowed: JSON =
            isNullable
            ? .object([("anyOf", .array([.object(type), .object([("type", .string("null"))])]))]) : .object(type)
        guard case .object(let fields) = allowed else { return allowed }
        return .object([("description", .string(meaning))] + fields + [("default", JSON(defaultValue))])
    }

    private var schemaType: [(key: String, value: JSON)] {
        func list(of items: JSON) -> [(key: String, value: JSON)] { [("type", .string("array")), ("items", items)] }
        func array(of items: JSON) -> JSON { .object(list(of: items)) }
        func type(_ name: String) -> JSON { .object([("type", .string(name))]) }
        switch kind {
        case .number(let range): return [("type", .string("number"))] + Self.bounds(range.lowerBound, range.upperBound)
        case .integer(let range):
            let low: Double = range.lowerBound == .min ? -.infinity : Double(range.lowerBound)
            let high: Double = range.upperBound == .max ? .infinity : Double(range.upperBound)
            return [("type", .string("integer"))] + Self.bounds(low, high)
        case .boolean: return [("type", .string("boolean"))]
        case .choice(let names): return [("enum", .array(names.map(JSON.string)))]
        case .text: return [("type", .string("string")), ("minLength", .integer(1))]
        case .texts: return list(of: .object([("type", .string("string")), ("minLength", .integer(1))]))
        case .rows:
            return [("type", .string("array")), ("items", array(of: type("number")))]
        case .rowOrRows:
            return [("anyOf", .array([array(of: type("number")), array(of: array(of: type("number")))]))]
        case .matrices:
            let rows = array(of: array(of: type("number")))
            return [("anyOf", .array([rows, array(of: rows)]))]
        case .integers: return [("type", .string("array")), ("items", type("integer"))]
        case .integerRows(let word):
            return [("anyOf", .array([.object([("const", .string(word))]), array(of: array(of: type("integer")))]))]
        case .tables: return [("type", .string("array")), ("items", type("object"))]
        case .choices(let names): return list(of: .object([("enum", .array(names.map(JSON.string)))]))
        case .options(let known):
            return [
                ("type", .string("object")), ("properties", .object(known.map { ($0.name, $0.schema) })),
                ("additionalProperties", .boolean(false)),
            ]
        case .items(let name): return list(of: .object([("$ref", .string("#/$defs/\(name)"))]))
        case .named(let known): return [("anyOf", .array(Self.named(known, otherwise: defaultValue)))]
        case .numbers(let range):
            let items = JSON.object([("type", .string("number"))] + Self.bounds(range.lowerBound, range.upperBound))
            return list(of: items)
        case .timeSpan(let range):
            let seconds =
                [("type", JSON.string("number"))] + Self.bounds(range.lowerBound.seconds, range.upperBound.seconds)
            let text = [("type", JSON.string("string")), ("pattern", .string(TimeSpan.pattern))]
            return [("anyOf", .array([.object(seconds), .object(text)]))]
        case .factors:
            let factor = JSON.object([("type", .string("number")), ("exclusiveMinimum", .integer(0))])
            return [
                ("type", .string("object")), ("patternProperties", .object([("^[0-9]+$", factor)])),
                ("additionalProperties", .boolean(false)),
            ]
        }
    }

    /// A bare name, or for each name a table of it and its options.
    private static func named(_ known: [Description], otherwise: OptionValue) -> [JSON] {
        let tables = known.map { description -> JSON in
            let name = JSON.object([("const", .string(description.name))])
            let options = description.options.map { ($0.name, $0.schema) }
            let required: [JSON] = otherwise == .text(description.name) ? [] : [.string(NamedOptions.key)]
            return .object([
                ("description", .string(description.summary)), ("type", .string("object")),
                ("properties", .object([(NamedOptions.key, name)] + options)), ("required", .array(required)),
                ("additionalProperties", .boolean(false)),
            ])
        }
        return [.object([("enum", .array(known.map { .string($0.name) }))])] + tables
    }

    private static func bounds(_ low: Double, _ high: Double) -> [(key: String, value: JSON)] {
        func number(_ value: Double) -> JSON { Int(exactly: value).map(JSON.integer) ?? .number(value) }
        var bounds: [(key: String, value: JSON)] = []
        if low == .leastNonzeroMagnitude {
            bounds.append(("exclusiveMinimum", .integer(0)))
        } else if low > -.greatestFiniteMagnitude {
            bounds.append(("minimum", number(low)))
        }
        if high < .greatestFiniteMagnitude { bounds.append(("maximum", number(high))) }
        return bounds
    }
}
