/// An option that something understands, declared once: its name, default, allowed values and meaning serve the reading
/// of experiment files, the lists that the command prints and the schema.
public struct Option<Value: Sendable>: Sendable {
    /// What lists and the schema show of the option.
    public private(set) var description: OptionDescription
    let read: @Sendable (OptionValue) -> Value?

    /// The same option, which means nothing and is refused beside another one that is given and not null.
    public func idle<Other>(beside others: Option<Other>...) -> Option {
        var option = self
        option.description.excluders += others.map(\.description.name)
        return option
    }

    /// The same option, which means nothing and is refused where another one has none of these values, its default
    /// among them.
    public func idle<Choice: RawRepresentable>(unless other: String, is values: Choice...) -> Option
    where Choice.RawValue == String {
        var option = self
        option.description.need = OptionDescription.Need(option: other, values: values.map(\.rawValue))
        return option
    }
}

extension Option where Value == Double {
    /// A number within a range; a whole one may be written without a point.
    public static func number(
        _ name: String, default value: Double, in range: ClosedRange<Double> = -.infinity ... .infinity,
        _ meaning: String
    ) -> Option {
        Option(
            description: OptionDescription(
                name: name, kind: .number(range), isNullable: false, defaultValue: .number(value),
                meaning: meaning)
        ) { given in
            given.asNumber.flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Option where Value == Double? {
    /// A number within a range, or null, which is the default and reads as nil.
    public static func optionalNumber(
        _ name: String, in range: ClosedRange<Double> = -.infinity ... .infinity, _ meaning: String
    ) -> Option {
        Option(
            description: OptionDescription(
                name: name, kind: .number(range), isNullable: true, defaultValue: .null, meaning: meaning)
        ) { given in
            if given == .null { return .some(nil) }
            return given.asNumber.flatMap { range.contains($0) ? .some($0) : nil }
        }
    }
}

extension Option where Value == Int {
    /// A whole number within a range; `1e4` is one, too.
    public static func integer(
        _ name: String, default value: Int, in range: ClosedRange<Int> = .min ... .max,
        _ meaning: String
    ) -> Option {
        Option(
            description: OptionDescription(
                name: name, kind: .integer(range), isNullable: false, defaultValue: .integer(value),
                meaning: meaning)
        ) { given in
            given.asInteger.flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Option where Value == Int? {
    /// A whole number within a range, or null, which is the default and reads as nil.
    public static func optionalInteger(
        _ name: String, in range: ClosedRange<Int> = .min ... .max, _ meaning: String
    ) -> Option {
        Option(
            description: OptionDescription(
                name: name, kind: .integer(range), isNullable: true, defaultValue: .null, meaning: meaning)
        ) { given in
            if given == .null { return .some(nil) }
            return given.asInteger.flatMap { range.contains($0) ? .some($0) : nil }
        }
    }
}

extension Option where Value == Bool {
    /// True or false, and no other word for them.
    public static func boolean(_ name: String, default value: Bool, _ meaning: String) -> Option {
        Option(
            description: OptionDescription(
                name: name, kind: .boolean, isNullable: false, defaultValue: .boolean(value),
                meaning: meaning)
        ) { given in
            if case .boolean(let flag) = given { return flag }
            return nil
        }
    }
}

extension Option where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the cases of `Value`, written as its raw value.
    public static func choice(_ name: String, default value: Value, _ meaning: String) -> Option {
        Option(
            description: OptionDescription(
                name: name, kind: .choice(Value.allCases.map(\.rawValue)), isNullable: false,
                defaultValue: .text(value.rawValue), meaning: meaning)
        ) { given in
            if case .text(let text) = given { return Value(rawValue: text) }
            return nil
        }
    }
}

extension Option {
    /// One of the cases of `Choice`, written as its raw value, or null, which is the default and reads as nil.
    public static func optionalChoice<Choice: RawRepresentable & CaseIterable & Sendable>(
        _ name: String, _ meaning: String
    ) -> Option where Value == Choice?, Choice.RawValue == String {
        Option(
            description: OptionDescription(
                name: name, kind: .choice(Choice.allCases.map(\.rawValue)), isNullable: true, defaultValue: .null,
                meaning: meaning)
        ) { given in
            if given == .null { return .some(nil) }
            if case .text(let text) = given { return Choice(rawValue: text).map(Optional.some) }
            return nil
        }
    }
}

extension Option where Value == [Int] {
    /// A list of whole numbers, of any length.
    public static func integers(_ name: String, default value: [Int], _ meaning: String) -> Option {
        Option(
            description: OptionDescription(
                name: name, kind: .integers, isNullable: false,
                defaultValue: .list(value.map(OptionValue.integer)),
                meaning: meaning)
        ) { given in
            guard case .list(let items) = given else { return nil }
            let numbers = items.compactMap(\.asInteger)
            return numbers.count == items.count ? numbers : nil
        }
    }
}

extension Option where Value == [[Int]]? {
    /// Lists of whole numbers, or a word, which is the default and reads as nil.
    public static func integerRows(_ name: String, orWord word: String, _ meaning: String) -> Option {
        let description = OptionDescription(
            name: name, kind: .integerRows(orWord: word), isNullable: false, defaultValue: .text(word), meaning: meaning
        )
        return Option(description: description) { given in
            switch description.canonical(given) {
            case .list(let rows):
                .some(
                    rows.map { row in
                        if case .list(let items) = row { items.compactMap(\.asInteger) } else { [] }
                    })
            case .text: .some(nil)
            default: nil
            }
        }
    }
}

extension Option where Value == [[Double]]? {
    /// Lists of numbers, such as vectors or a matrix; with `orOneRow` one list may stand alone.
    public static func optionalRows(_ name: String, orOneRow: Bool = false, _ meaning: String) -> Option {
        let description = OptionDescription(
            name: name, kind: orOneRow ? .rowOrRows : .rows, isNullable: true, defaultValue: .null, meaning: meaning)
        return Option(description: description) { given in
            guard let canonical = description.canonical(given) else { return nil }
            guard case .list(let rows) = canonical else { return .some(nil) }
            return rows.compactMap(\.asNumbers)
        }
    }
}

extension Option where Value == [[[Double]]]? {
    /// A matrix as a list of its rows, or several as a list of lists of rows; the value is a list of matrices, or nil.
    public static func matrices(_ name: String, _ meaning: String) -> Option {
        Option(
            description: OptionDescription(
                name: name, kind: .matrices, isNullable: true, defaultValue: .null, meaning: meaning)
        ) { given in
            if given == .null { return .some(nil) }
            return given.asMatrices.map(Optional.some)
        }
    }
}

extension Option where Value == [OptionValue] {
    /// A list of words and tables, empty by default, whose items are read by whoever asks for them. Schemas describe
    /// them under the name `item`.
    public static func list(_ name: String, of item: String, _ meaning: String) -> Option {
        Option(
            description: OptionDescription(
                name: name, kind: .items(of: item), isNullable: false, defaultValue: .list([]), meaning: meaning)
        ) { given in
            if case .list(let items) = given { return items }
            return nil
        }
    }
}
