import Gossip

/// Named numbers: what something remembers, in the form in which it is saved. Vectors of float32 go to a file as they
/// are, words of 64 bits too, so that no number passes through a decimal form.
public struct StateDict: Sendable, Hashable, Codable {
    /// Tensors of float32, flat, by name.
    public var vectors: [String: [Float]]
    /// Positions, counters, states of random streams.
    public var words: [String: [UInt64]]

    /// Nothing is remembered unless it is given.
    public init(vectors: [String: [Float]] = [:], words: [String: [UInt64]] = [:]) {
        self.vectors = vectors
        self.words = words
    }

    /// Whether nothing is remembered.
    public var isEmpty: Bool { vectors.isEmpty && words.isEmpty }

    /// Takes in the numbers of a part, each name behind `prefix` and a point.
    public mutating func insert(_ part: StateDict, under prefix: String) {
        for (name, values) in part.vectors { vectors["\(prefix).\(name)"] = values }
        for (name, values) in part.words { words["\(prefix).\(name)"] = values }
    }

    /// The numbers that were taken in under `prefix`.
    public func part(under prefix: String) -> StateDict {
        func inner<Values>(_ numbers: [String: Values]) -> [String: Values] {
            let own = numbers.filter { $0.key.hasPrefix(prefix + ".") }
            return Dictionary(uniqueKeysWithValues: own.map { (String($0.key.dropFirst(prefix.count + 1)), $0.value) })
        }
        return StateDict(vectors: inner(vectors), words: inner(words))
    }

    /// The vector of that name; throws when there is none, or not of `count` numbers.
    public func vector(_ name: String, count: Int) throws(StateError) -> [Float] {
        guard let values = vectors[name] else { throw StateError("there is no vector '\(name)'") }
        guard values.count == count else {
            throw StateError("vector '\(name)' has \(values.count) numbers, and \(count) are needed")
        }
        return values
    }

    /// The words of that name; throws when there are none, or not `count`.
    public func words(_ name: String, count: Int) throws(StateError) -> [UInt64] {
        guard let values = words[name] else { throw StateError("there are no words '\(name)'") }
        guard values.count == count else {
            throw StateError("'\(name)' is \(values.count) words, and \(count) are needed")
        }
        return values
    }

    /// The one word of that name, a count that grows; throws when there is none, or no run comes to so much.
    public func count(_ name: String) throws(StateError) -> UInt64 {
        let count = try words(name, count: 1)[0]
        guard count <= StateAudit.countLimit else {
            throw StateError("'\(name)' is \(count), more than any run comes to")
        }
        return count
    }

    /// Throws when there is a vector or a word that is not among `names`.
    public func refuseUnknown(besides names: [String]) throws(StateError) {
        let stray = (Array(vectors.keys) + Array(words.keys)).sorted().first { !names.contains($0) }
        if let stray { throw StateError("nothing here remembers '\(stray)'") }
    }
}
