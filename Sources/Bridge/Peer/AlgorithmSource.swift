import Configuration
import Gossip

/// Where a peer's algorithm comes from, by its name.
enum AlgorithmSource {
    static func traits(_ name: String, options: Options) -> Traits { Algorithms.traits(name, options: options) }

    /// Throws for an unknown name or key, and for what the algorithm cannot run with.
    static func make(
        _ name: String, _ setup: Setup, options: Options
    ) throws(ConfigurationError) -> any Algorithm {
        try Algorithms.make(name, setup, options: options)
    }

    /// Throws for a name that is unknown, and for an algorithm that no peer with a whole model can run.
    static func check(_ choice: PeerSettings.Choice) throws(BridgeError) {
        guard
            Algorithms.all.contains(where: { $0.name == choice.name })
                || Algorithms.aliases.contains(where: { $0.name == choice.name })
        else {
            let names = Algorithms.all.map(\.name)
            throw BridgeError(.invalid, unknown("algorithm", choice.name, known: names))
        }
        guard traits(choice.name, options: choice.options).division == nil else {
            throw BridgeError(
                .invalid,
                "\(choice.name) divides the network among the peers, and here each has all of it; choose another")
        }
    }
}
