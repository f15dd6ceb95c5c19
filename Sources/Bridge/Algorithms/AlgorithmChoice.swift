import Configuration
import Gossip
import Graphs

/// An algorithm that was chosen by name, with its options: one of the library's own, or one that was registered.
struct AlgorithmChoice {
    let name: String
    let options: Options
    /// What is known of it before it is made.
    let traits: Traits
    /// Where it comes from outside: what it is.
    private let definition: ForeignDefinition?

    /// Throws for a name that nobody knows.
    init(_ name: String, _ options: Options) throws(ConfigurationError) {
        self.name = name
        self.options = options
        definition = ForeignDefinitions.named(name)
        guard let definition else {
            let known = Algorithms.all.map(\.name)
            guard (known + Algorithms.aliases.map(\.name)).contains(name) else {
                throw ConfigurationError(
                    key: "algorithm", unknown("algorithm", name, known: known + ForeignDefinitions.names))
            }
            traits = Algorithms.traits(name, options: options)
            return
        }
        traits = definition.traits
    }

    /// Whether it comes from outside of the library.
    var isForeign: Bool { definition != nil }

    /// The algorithm of one peer. Throws what it refuses, with keys of the section `algorithm`.
    func make(_ setup: Setup) throws(ConfigurationError) -> any Algorithm {
        guard let definition else { return try Algorithms.make(name, setup, options: options) }
        if traits.bringsMomentum, setup.optimizerHasMomentum {
            throw ConfigurationError(
                key: "name", "\(name) has a momentum of its own and takes plain steps; take an optimizer without one")
        }
        for need in traits.needs { try setup.mixing.require(need, by: name) }
        if traits.graphUse == .edges { try setup.mixing.refuseWeights(by: name) }
        return try ForeignAlgorithm(definition, setup, options: options)
    }

    /// Steps that a peer may make beyond those asked for, since it completes the last round.
    func stepsBeyond(peers: Int, steps: UInt64, stepsPerEpoch: Int) -> UInt64 {
        let epochs = definition == nil ? Algorithms.epochsPerRound(name, options: options) : 0
        return epochs > 0 ? UInt64(epochs * stepsPerEpoch) + steps * UInt64(peers) : 0
    }

    /// Whether it hears what byzantine peers say of others.
    var judgesNeighbours: Bool { options.values["trust"] ?? .null != .null }
}
