import Configuration
import Gossip
import Graphs

/// An algorithm that was chosen by name, with its options and what is known of it before it is made.
struct AlgorithmChoice {
    let name: String
    let options: Options
    let traits: Traits
    /// Whether it comes from outside of the library.
    let isForeign: Bool

    /// Throws for a name that nobody knows, and for an algorithm that no peer with a whole model can run.
    init(_ name: String, _ options: Options) throws(ConfigurationError) {
        try AlgorithmSource.check(name, options: options)
        self.name = name
        self.options = options
        traits = AlgorithmSource.traits(name, options: options)
        isForeign = ForeignDefinitions.named(name) != nil
    }

    /// The algorithm of one peer. Throws what it refuses.
    func make(_ setup: Setup) throws(ConfigurationError) -> any Algorithm {
        try AlgorithmSource.make(name, setup, options: options)
    }

    /// Steps that a peer may make beyond those asked for, since it completes the last round.
    func stepsBeyond(peers: Int, steps: UInt64, stepsPerEpoch: Int) -> UInt64 {
        let epochs = Algorithms.epochsPerRound(name, options: options)
        return epochs > 0 ? UInt64(epochs * stepsPerEpoch) + steps * UInt64(peers) : 0
    }

    /// Whether it hears what byzantine peers say of others.
    var judgesNeighbours: Bool { options.values["trust"] ?? .null != .null }
}
