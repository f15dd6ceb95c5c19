/// The values given to one section of an experiment (`algorithm:`, `model:`), its `name` key apart.
public struct Options: Sendable, Hashable, Codable {
    /// The given values by the names of their options; what is not given is absent.
    public var values: [String: OptionValue]

    /// Checks nothing: `value` and `refuseUnknown` complain of what is wrong.
    public init(_ values: [String: OptionValue] = [:]) {
        self.values = values
    }

    /// The value of an option, or its default where none is given.
    ///
    /// Throws when the given value is not of the option's kind or lies outside its range.
    public func value<Value>(_ option: Option<Value>) throws(ConfigurationError) -> Value {
        let description = option.description
        let given = values[description.name] ?? description.defaultValue
        guard let value = option.read(given) else {
            throw ConfigurationError(
                key: description.name, "\(excerpt(given.written)) is not \(description.expectation)")
        }
        return value
    }

    /// Throws when a key is given that is not among `known`, or one of them that means nothing beside another; where
    /// that one has its default it may not have been given at all.
    public func refuseUnknown(besides known: [OptionDescription]) throws(ConfigurationError) {
        let names = known.map(\.name)
        for key in values.keys.sorted() where !names.contains(key) {
            throw ConfigurationError(key: key, unknown("key", key, known: names))
        }
        for option in known {
            guard let value = values[option.name], option.canonical(value) != option.canonical(option.defaultValue),
                let idleness = idleness(of: option)
            else { continue }
            throw ConfigurationError(key: option.name, idleness.reason)
        }
    }

    /// Why an option means nothing beside what the others are: the one that makes it so, and a sentence; nil where it
    /// means something.
    public func idleness(of option: OptionDescription) -> (cause: String, reason: String)? {
        if let other = option.excluders.first(where: { values[$0].map { $0 != .null } ?? false }) {
            return (other, "\(option.name) means nothing where \(other) is given; leave one of the two out")
        }
        guard let need = option.need else { return nil }
        if case .text(let given) = values[need.option], need.values.contains(given) { return nil }
        let wanted = need.values.joined(separator: " or ")
        return (
            need.option,
            "\(option.name) means nothing unless \(need.option) is \(wanted); leave it out, or set \(need.option)"
        )
    }
}

/// The sentence for a word that nobody knows: names the nearest known word, or else all of them.
public func unknown(_ noun: String, _ word: String, known: [String]) -> String {
    if let nearest = nearest(to: word, among: known) {
        return "unknown \(noun) '\(word)'; did you mean '\(nearest)'?"
    }
    let word = excerpt(word)
    if known.isEmpty { return "unknown \(noun) '\(word)'; there is none to give here" }
    return "unknown \(noun) '\(word)'; known are " + known.sorted().joined(separator: ", ")
}

/// The first of the words that differ least from `word`; nil where more than two letters differ.
public func nearest(to word: String, among known: [String]) -> String? {
    let near = known.filter { abs($0.utf8.count - word.utf8.count) <= 8 }
    return near.map { ($0, editDistance($0, word)) }.filter { $0.1 <= 2 }.min { $0.1 < $1.1 }?.0
}

/// How many letters must be inserted, removed or replaced to turn one word into the other (Levenshtein).
public func editDistance(_ first: String, _ second: String) -> Int {
    let second = Array(second)
    var row = Array(0...second.count)
    for (i, letter) in first.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for j in second.indices {
            let replaced = diagonal + (letter == second[j] ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
        }
    }
    return row[second.count]
}
