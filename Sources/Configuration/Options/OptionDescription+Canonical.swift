extension OptionDescription {
    /// The value in its one form (a number as a number, a whole number as an integer), or nil where it is not of the
    /// option's kind or lies outside its range.
    ///
    /// What is canonical here is what the option of this description reads without an error.
    public func canonical(_ given: OptionValue) -> OptionValue? {
        if given == .null { return isNullable ? .null : nil }
        switch kind {
        case .number(let range):
            return given.asNumber.flatMap { range.contains($0) ? .number($0) : nil }
        case .integer(let range):
            return given.asInteger.flatMap { range.contains($0) ? .integer($0) : nil }
        case .boolean:
            if case .boolean = given { return given }
        case .choice(let names):
            if case .text(let text) = given, names.contains(text) { return given }
        case .text:
            if case .text(let text) = given, !text.isEmpty { return given }
        case .texts:
            return Self.items(given) { if case .text(let text) = $0, !text.isEmpty { $0 } else { nil } }
        case .rows:
            return Self.rows(given)
        case .rowOrRows:
            return Self.rows(given) ?? Self.rows(.list([given]))
        case .matrices:
            return Self.rows(given) ?? Self.items(given, Self.rows)
        case .integers:
            return Self.integers(given)
        case .integerRows(let word):
            return given == .text(word) ? given : Self.items(given, Self.integers)
        case .numbers(let range):
            return Self.items(given) { item in
                item.asNumber.flatMap { range.contains($0) ? OptionValue.number($0) : nil }
            }
        case .timeSpan(let range):
            return TimeSpan(given).flatMap { range.contains($0) ? .text($0.description) : nil }
        case .factors:
            return Self.factors(given)
        case .tables:
            return Self.items(given) { if case .table = $0 { $0 } else { nil } }
        case .choices(let names):
            return Self.items(given) { if case .text(let text) = $0, names.contains(text) { $0 } else { nil } }
        case .options(let known):
            return Self.options(given, known)
        case .items:
            // What an item may be is said where items are made something of, by its place in the list.
            if case .list = given { return given }
        case .named(let known):
            return NamedOptions.canonical(given, known, otherwise: defaultValue)
        }
        return nil
    }

    private static func rows(_ given: OptionValue) -> OptionValue? {
        items(given) { row in items(row) { $0.asNumber.map(OptionValue.number) } }
    }

    private static func integers(_ given: OptionValue) -> OptionValue? {
        items(given) { $0.asInteger.map(OptionValue.integer) }
    }

    /// The list with every item in its one form, or nil where the value is no list or an item has none.
    private static func items(_ given: OptionValue, _ form: (OptionValue) -> OptionValue?) -> OptionValue? {
        guard case .list(let items) = given else { return nil }
        let forms = items.compactMap(form)
        return forms.count == items.count ? .list(forms) : nil
    }

    private static func factors(_ given: OptionValue) -> OptionValue? {
        guard case .table(let entries) = given else { return nil }
        var forms: [String: OptionValue] = [:]
        for (peer, factor) in entries {
            guard let peer = Int(peer), peer >= 0, let factor = factor.asNumber, factor > 0, factor.isFinite,
                forms.updateValue(.number(factor), forKey: "\(peer)") == nil
            else { return nil }
        }
        return .table(forms)
    }
}
