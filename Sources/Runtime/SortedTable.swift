/// Values by keys that lie in their order, one beside the other: looked up by halves, and found together in a few lines
/// of memory, where a dictionary's would lie apart. For the few that a peer has to do with, of whom there may be
/// thousands of peers.
public struct SortedTable<Key: Comparable & Sendable, Value: Sendable>: Sendable {
    /// In their order.
    public private(set) var keys: [Key] = []
    /// In the order of the keys.
    package var values: [Value] = []

    /// An empty one.
    public init() {}

    /// How many keys have a value.
    public var count: Int { keys.count }

    /// The place of a key among the keys; nil where it is none.
    package func place(of key: Key) -> Int? {
        let place = firstPlace(notBefore: key)
        return place < keys.count && keys[place] == key ? place : nil
    }

    /// The place of a key, to which the value is given if it has none.
    package mutating func place(of key: Key, default value: @autoclosure () -> Value) -> Int {
        let place = firstPlace(notBefore: key)
        if place == keys.count || keys[place] != key {
            keys.insert(key, at: place)
            values.insert(value(), at: place)
        }
        return place
    }

    /// The value of a key; nil for none.
    public subscript(key: Key) -> Value? {
        get { place(of: key).map { values[$0] } }
        set {
            if let newValue {
                let place = place(of: key, default: newValue)
                values[place] = newValue
            } else if let place = place(of: key) {
                keys.remove(at: place)
                values.remove(at: place)
            }
        }
    }

    /// The last is looked at first: what came last is asked for most.
    private func firstPlace(notBefore key: Key) -> Int {
        guard let last = keys.last, !(last < key) else { return keys.count }
        var (low, high) = (0, keys.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension SortedTable: Equatable where Value: Equatable {}
extension SortedTable: Hashable where Key: Hashable, Value: Hashable {}

/// Written as dictionaries are: a key and its value in turn.
extension SortedTable: Codable where Key: Codable, Value: Codable {
    public init(from decoder: any Decoder) throws {
        self.init()
        var list = try decoder.unkeyedContainer()
        while !list.isAtEnd {
            let key = try list.decode(Key.self)
            self[key] = try list.decode(Value.self)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        for (key, value) in zip(keys, values) {
            try list.encode(key)
            try list.encode(value)
        }
    }
}
