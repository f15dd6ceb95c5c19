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
        /// A list of such.
        case texts
        /// A list of lists of numbers.
        case rows
        /// A list of lists of numbers, or one list of numbers, which stands for a list of it alone.
        case rowOrRows
        /// A list of lists of numbers, or a list of such lists.
        case matrices
        /// A list of whole numbers.
        case integers
        /// A list of lists of whole numbers, or that word.
        case integerRows(orWord: String)
        /// A list of numbers.
        case numbers(ClosedRange<Double>)
        /// A length of time such as `2s`, within limits.
        case timeSpan(ClosedRange<TimeSpan>)
        /// A table from peers to positive factors.
        case factors
        /// A list of tables.
        case tables
        /// A list of these words.
        case choices([String])
        /// A table of options.
        case options([OptionDescription])
        /// A list of words and tables, by the name of what each of them is.
        case items(of: String)
        /// The name of one of several things, or a table of `name` and that thing's options.
        case named([Description])
    }

    /// The key under which the value stands.
    public let name: String
    /// What may stand as the value, `null` apart.
    public let kind: Kind
    /// Whether `null` is allowed beside the kind's own values.
    public let isNullable: Bool
    /// What holds where the key is not given; `.null` only where `isNullable`.
    public let defaultValue: OptionValue
    /// One line: what it does, with the paper's symbol where there is one.
    public let meaning: String
    /// Options of the same choice beside which, where one is given, this one means nothing.
    public internal(set) var excluders: [String] = []
    /// What another option of the same choice must be for this one to mean something; nil where any will do.
    public internal(set) var need: Need?

    /// An option and the values of it, none of which is its default.
    public struct Need: Sendable, Hashable {
        /// The other option.
        public let option: String
        /// One of these it must have.
        public let values: [String]
    }

    /// An option that goes with every other one; `Option.idle` says when it means nothing.
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
            case .texts: "a list of texts"
            case .rows: "a list of lists of numbers"
            case .rowOrRows: "a list of numbers or a list of such lists"
            case .matrices: "a list of rows of numbers, or a list of such lists"
            case .integers: "a list of whole numbers"
            case .integerRows(let word): "\(word) or a list of lists of whole numbers"
            case .numbers(let range):
                Self.words("a list whose items are each a number", range.lowerBound, range.upperBound)
            case .timeSpan(let range):
                "a time such as 2s or 500ms, from \(range.lowerBound) to \(range.upperBound)"
            case .factors: "a table from peers to numbers above 0"
            case .tables: "a list of tables"
            case .choices(let names): "a list of " + names.joined(separator: ", ")
            case .options(let known): "a table of " + known.map(\.name).joined(separator: ", ")
            case .items: "a list of words and tables"
            case .named(let known):
                "one of \(known.map(\.name).joined(separator: ", ")), or a table of name and its options"
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
