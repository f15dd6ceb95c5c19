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
}

/// An option as the lists and the schema show it.
public struct OptionDescription: Sendable, Hashable {
    /// What may stand as the value.
    public enum Kind: Sendable, Hashable {
        case number(ClosedRange<Double>)
        case integer(ClosedRange<Int>)
        case boolean
        case choice([String])
        /// A word or a sentence, not empty.
        case text
        /// A list of lists of numbers.
        case rows
        /// A list of lists of numbers, or one list of numbers, which stands for a list of it alone.
        case rowOrRows
        /// A list of lists of numbers, or a list of such lists.
        case matrices
        /// A list of whole numbers.
        case integers
        /// A list of numbers.
        case numbers(ClosedRange<Double>)
        /// A length of time such as `2s`, within limits.
        case timeSpan(ClosedRange<TimeSpan>)
        /// A table from peers to positive factors.
        case factors
        /// A list of tables.
        case tables
    }

    public let name: String
    public let kind: Kind
    /// Whether `null` is allowed beside the kind's own values.
    public let isNullable: Bool
    public let defaultValue: OptionValue
    /// One line: what it does, with the paper's symbol where there is one.
    public let meaning: String
    /// Options of the same choice beside which, where one is given, this one means nothing.
    public internal(set) var excluders: [String] = []

    public init(name: String, kind: Kind, isNullable: Bool, defaultValue: OptionValue, meaning: String) {
        self.name = name
        self.kind = kind
        self.isNullable = isNullable
        self.defaultValue = defaultValue
        self.meaning = meaning
    }

    /// What may stand there, in words.
    public var expectation: String {
        let base =
            switch kind {
            case .number(let range): Self.words("a number", range.lowerBound, range.upperBound)
            case .integer(let range):
                Self.words(
                    "a whole number", range.lowerBound == .min ? -.infinity : Double(range.lowerBound),
                    range.upperBound == .max ? .infinity : Double(range.upperBound))
            case .boolean: "true or false"
            case .choice(let names): "one of " + names.joined(separator: ", ")
            case .text: "a text"
            case .rows: "a list of lists of numbers"
            case .rowOrRows: "a list of numbers or a list of such lists"
            case .matrices: "a list of rows of numbers, or a list of such lists"
            case .integers: "a list of whole numbers"
            case .numbers(let range):
                Self.words("a list whose items are each a number", range.lowerBound, range.upperBound)
            case .timeSpan(let range):
                "a time such as 2s or 500ms, from \(range.lowerBound) to \(range.upperBound)"
            case .factors: "a table from peers to numbers above 0"
            case .tables: "a list of tables"
            }
        return isNullable ? base + ", or null" : base
    }

    private static func words(_ noun: String, _ low: Double, _ high: Double) -> String {
        func text(_ value: Double) -> String { Int(exactly: value).map { "\($0)" } ?? "\(value)" }
        // The least positive number stands for an open bound at zero.
        let low = low == .leastNonzeroMagnitude ? (text: "0", open: true) : (text: text(low), open: false)
        // The greatest finite number stands for an open bound at infinity.
        switch (low.text == "-inf", high >= .greatestFiniteMagnitude) {
        case (true, true): return noun
        case (false, true): return low.open ? "\(noun) above 0" : "\(noun) of at least \(low.text)"
        case (true, false): return "\(noun) of at most \(text(high))"
        case (false, false):
            return low.open
                ? "\(noun) above 0 and at most \(text(high))" : "\(noun) from \(low.text) to \(text(high))"
        }
    }
}

extension Option where Value == Double {
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

extension Option where Value == [Int] {
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
