import Configuration
import Gossip

/// Where a peer's algorithm comes from, by its name: the library, or whoever has registered one.
enum AlgorithmSource {
    static func traits(_ name: String, options: Options) -> Traits {
        ForeignDefinitions.named(name)?.traits ?? Algorithms.traits(name, options: options)
    }

    /// Whether it is not the library's own.
    static func isForeign(_ name: String) -> Bool { ForeignDefinitions.named(name) != nil }

    /// Throws for an unknown name or key, and for what the algorithm cannot run with.
    static func make(
        _ name: String, _ setup: Setup, options: Options
    ) throws(ConfigurationError) -> any Algorithm {
        guard let definition = ForeignDefinitions.named(name) else {
            return try Algorithms.make(name, setup, options: options)
        }
        return try ForeignAlgorithm.checked(definition, setup, options: options)
    }

    /// Throws for a name that is unknown, and for an algorithm that no peer with a whole model can run.
    static func check(_ choice: PeerSettings.Choice) throws(BridgeError) {
        do {
            try check(choice.name, options: choice.options)
        } catch {
            throw BridgeError(.invalid, error.message)
        }
    }

    /// The same, with the key `algorithm`.
    static func check(_ name: String, options: Options) throws(ConfigurationError) {
        let known = Algorithms.all.map(\.name) + ForeignDefinitions.names
        guard (known + Algorithms.aliases.map(\.name)).contains(name) else {
            throw ConfigurationError(key: "algorithm", unknown("algorithm", name, known: known))
        }
        guard traits(name, options: options).division == nil else {
            throw ConfigurationError(
                key: "algorithm",
                "\(name) divides the network among the peers, and here each has all of it; choose another")
        }
    }
}
