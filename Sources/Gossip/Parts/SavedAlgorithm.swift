import Configuration

/// An algorithm under its name, by which it is read back as what it was: for checkpoints.
public struct SavedAlgorithm: Sendable, Codable {
    /// The algorithm with all its state.
    public internal(set) var algorithm: any Algorithm

    public init(_ algorithm: any Algorithm) { self.algorithm = algorithm }

    private enum CodingKeys: CodingKey { case name, state }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(type(of: algorithm).description.name, forKey: .name)
        try container.encode(algorithm, forKey: .state)
    }

    /// Throws for a name that `Algorithms` does not know, and for a state that is none of that algorithm.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let name = try container.decode(String.self, forKey: .name)
        let others = decoder.userInfo[.algorithms] as? [any Algorithm.Type] ?? []
        let types = Algorithms.types + [Attacked.self] + others
        guard let type = types.first(where: { $0.description.name == name }) else {
            throw DecodingError.dataCorruptedError(
                forKey: .name, in: container, debugDescription: "there is no algorithm '\(name)' in this build")
        }
        algorithm = try container.decode(type, forKey: .state)
    }
}

extension CodingUserInfoKey {
    /// Types of algorithms that may be read back besides the library's own.
    public static let algorithms: CodingUserInfoKey = {
        guard let key = CodingUserInfoKey(rawValue: "algorithms") else { preconditionFailure("'algorithms' is no key") }
        return key
    }()
}
