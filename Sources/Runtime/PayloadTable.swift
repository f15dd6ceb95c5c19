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

    /// The payloads' values under their numbers, those of packed ones with a letter behind.
    public var numbers: StateDict {
        StateDict(
            vectors: Dictionary(
                uniqueKeysWithValues: payloads.enumerated().map {
                    (Self.name($0.offset, isPacked: $0.element.isPacked), $0.element.array())
                }))
    }

    /// The name of a payload's tensor.
    public static func name(_ place: Int, isPacked: Bool) -> String { isPacked ? "\(place)p" : "\(place)" }

    /// The shelf whose payloads have these values.
    public init(_ numbers: StateDict) throws(StateError) {
        for place in 0..<numbers.vectors.count {
            let (plain, packed) = (Self.name(place, isPacked: false), Self.name(place, isPacked: true))
            guard let values = numbers.vectors[plain] ?? numbers.vectors[packed] else {
                throw StateError("there is no payload \(place)")
            }
            _ = self.place(Payload(values, isPacked: numbers.vectors[plain] == nil))
        }
    }
}
