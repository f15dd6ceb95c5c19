public import Vectors

/// Gives payloads numbers, so that a saved message can say what it carries. A payload that many messages share is saved
/// once.
public struct PayloadTable: Sendable {
    private var payloads: [Payload] = []
    private var places: [ObjectIdentifier: Int] = [:]

    /// A shelf with nothing on it.
    public init() {}

    /// The number of a payload, which stays on the shelf; nil for none.
    public mutating func place(_ payload: Payload?) -> Int? {
        guard let payload else { return nil }
        if let place = places[ObjectIdentifier(payload)] { return place }
        places[ObjectIdentifier(payload)] = payloads.count
        payloads.append(payload)
        return payloads.count - 1
    }

    /// The payload of a number. Throws when there is none.
    public func payload(_ place: Int?) throws(StateError) -> Payload? {
        guard let place else { return nil }
        guard payloads.indices.contains(place) else { throw StateError("there is no payload \(place)") }
        return payloads[place]
    }

    /// The payloads' values under their numbers.
    public var numbers: StateDict {
        StateDict(
            vectors: Dictionary(
                uniqueKeysWithValues: payloads.enumerated().map { ("\($0.offset)", $0.element.array()) }))
    }

    /// The shelf whose payloads have these values.
    public init(_ numbers: StateDict) throws(StateError) {
        for place in 0..<numbers.vectors.count {
            guard let values = numbers.vectors["\(place)"] else { throw StateError("there is no payload \(place)") }
            _ = self.place(Payload(values))
        }
    }
}
