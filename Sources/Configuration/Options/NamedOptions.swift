/// What is chosen by name within an option, `aggregation: {name: clipped, tau: 1}`, with the options of that name.
public struct NamedOptions: Sendable, Hashable {
    /// The word by which it is known in its registry.
    public let name: String
    /// A value for each of its options, defaults included.
    public let options: Options

    /// The key that chooses.
    public static let key = "name"

    private init(_ table: [String: OptionValue], name: String) {
        self.name = name
        options = Options(table.filter { $0.key != Self.key })
    }

    /// What a table in its one form chooses; nil for anything else.
    init?(_ canonical: OptionValue?) {
        guard case .table(let table) = canonical, case .text(let name) = table[Self.key] else { return nil }
        self.init(table, name: name)
    }

    /// The table of a name and all its options in their one form, of a bare name or of a table that may leave out what
    /// has a default; nil where the name, or a value, is none.
    static func canonical(
        _ given: OptionValue, _ known: [Description], otherwise: OptionValue
    ) -> OptionValue? {
        let fields: [String: OptionValue]
        switch given {
        case .text: fields = [key: given]
        case .table(let table): fields = table
        default: return nil
        }
        let name = fields[key] ?? otherwise
        guard case .text(let word) = name, let chosen = known.first(where: { $0.name == word }) else { return nil }
        var form = [key: name]
        for option in chosen.options {
            guard let value = option.canonical(fields[option.name] ?? option.defaultValue) else { return nil }
            form[option.name] = value
        }
        return fields.keys.allSatisfy { form[$0] != nil } ? .table(form) : nil
    }
}

extension Option where Value == NamedOptions {
    /// One of the known things by its name, alone or in a table with its options.
    public static func named(
        _ name: String, _ known: [Description], default chosen: String, _ meaning: String
    ) -> Option {
        let description = OptionDescription(
            name: name, kind: .named(known), isNullable: false, defaultValue: .text(chosen), meaning: meaning)
        return Option(description: description) { given in NamedOptions(description.canonical(given)) }
    }
}
