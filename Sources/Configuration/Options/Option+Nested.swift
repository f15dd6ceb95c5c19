extension Option {
    /// A list of cases of `Choice`, each written as its raw value.
    public static func choices<Choice: RawRepresentable & CaseIterable & Sendable>(
        _ name: String, default value: [Choice], _ meaning: String
    ) -> Option where Value == [Choice], Choice.RawValue == String {
        Option(
            description: OptionDescription(
                name: name, kind: .choices(Choice.allCases.map(\.rawValue)), isNullable: false,
                defaultValue: .list(value.map { .text($0.rawValue) }), meaning: meaning)
        ) { given in
            guard case .list(let items) = given else { return nil }
            let choices = items.compactMap { if case .text(let text) = $0 { Choice(rawValue: text) } else { nil } }
            return choices.count == items.count ? choices : nil
        }
    }
}

extension Option where Value == Options? {
    /// A table of options of its own, all with defaults, or null, which is the default and reads as nil.
    public static func options(_ name: String, _ known: [OptionDescription], _ meaning: String) -> Option {
        let description = OptionDescription(
            name: name, kind: .options(known), isNullable: true, defaultValue: .null, meaning: meaning)
        return Option(description: description) { given in
            switch description.canonical(given) {
            case .table(let entries): .some(Options(entries))
            case .null: .some(nil)
            default: nil
            }
        }
    }
}

extension OptionDescription {
    /// The table with every option of it, the given ones in their one form and the others by default; nil where one is
    /// unknown or not of its kind.
    static func options(_ given: OptionValue, _ known: [OptionDescription]) -> OptionValue? {
        guard case .table(let entries) = given, entries.keys.allSatisfy({ key in known.contains { $0.name == key } })
        else { return nil }
        var values: [String: OptionValue] = [:]
        for option in known {
            guard let value = option.canonical(entries[option.name] ?? option.defaultValue) else { return nil }
            values[option.name] = value
        }
        return .table(values)
    }
}
