import Configuration
import Gossip
import Graphs

/// An algorithm from outside as any other one: a value that takes events and says what should happen.
///
/// Its state is the caller's. A copy of the value has the same state until one of the two handles an event, which has
/// the caller copy it first.
struct ForeignAlgorithm: Algorithm {
    /// Under this name a saved one is read back; none is chosen by it.
    static let description = Description(
        name: "foreign", summary: "an algorithm from outside of the library, under a name of its own")

    private var instance: ForeignInstance
    private var standing: ForeignStanding
    private var ledger = ForeignLedger()
    /// Why it can handle no further event, where it cannot.
    private var failure: String?

    /// Throws what the algorithm refuses to run with.
    init(_ definition: ForeignDefinition, _ setup: Setup, options: Options) throws(ConfigurationError) {
        (instance, standing) = try ForeignInstance.make(definition, ForeignSetup(setup), options: options)
    }

    /// The same after what its traits need of graph and optimizer was looked at, as of any algorithm.
    static func checked(
        _ definition: ForeignDefinition, _ setup: Setup, options: Options
    ) throws(ConfigurationError) -> ForeignAlgorithm {
        let (name, traits) = (definition.name, definition.traits)
        if traits.bringsMomentum, setup.optimizerHasMomentum {
            throw ConfigurationError(
                key: "name", "\(name) has a momentum of its own and takes plain steps; take an optimizer without one")
        }
        for need in traits.needs { try setup.mixing.require(need, by: name) }
        if traits.graphUse == .edges { try setup.mixing.refuseWeights(by: name) }
        return try ForeignAlgorithm(definition, setup, options: options)
    }

    /// Refuses: what comes from outside is made by its own name.
    init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        throw ConfigurationError(key: "name", "choose an algorithm from outside by the name that it was registered by")
    }

    var evaluated: Term { standing.evaluated }
    var invariants: [Invariant] { standing.invariants }
    var stepsMissed: UInt64 { standing.stepsMissed }
    var awaitsNextStep: Bool { standing.awaitsNextStep }

    mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        guard failure == nil else { return }
        if !isKnownUniquelyReferenced(&instance) {
            guard let own = instance.copied() else {
                return fail("\(instance.definition.name) could not copy its state", &effects)
            }
            instance = own
        }
        if let failure = instance.handle(event, now: now, &effects, &standing, &ledger) { fail(failure, &effects) }
    }

    private mutating func fail(_ sentence: String, _ effects: inout Effects) {
        failure = sentence
        effects.removeAll()
        effects.abandon(sentence)
    }

    private enum CodingKeys: CodingKey { case definition, setup, state, standing, ledger, failure }

    /// Throws for an algorithm that nobody has registered, and for a state that is none of it.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let name = try container.decode(String.self, forKey: .definition)
        guard let definition = ForeignDefinitions.named(name) else {
            throw DecodingError.dataCorruptedError(
                forKey: .definition, in: container, debugDescription: "no algorithm '\(name)' was registered")
        }
        let setup = try container.decode(ForeignSetup.self, forKey: .setup)
        let state = try container.decode([UInt8].self, forKey: .state)
        guard let instance = ForeignInstance.restored(definition, setup, state) else {
            throw DecodingError.dataCorruptedError(
                forKey: .state, in: container, debugDescription: "no state of the algorithm '\(name)'")
        }
        self.instance = instance
        standing = try container.decode(ForeignStanding.self, forKey: .standing)
        ledger = try container.decode(ForeignLedger.self, forKey: .ledger)
        failure = try container.decodeIfPresent(String.self, forKey: .failure)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        guard let state = instance.saved() else {
            throw EncodingError.invalidValue(
                self,
                EncodingError.Context(
                    codingPath: encoder.codingPath,
                    debugDescription: "\(instance.definition.name) could not tell its state"))
        }
        try container.encode(instance.definition.name, forKey: .definition)
        try container.encode(instance.setup, forKey: .setup)
        try container.encode(state, forKey: .state)
        try container.encode(standing, forKey: .standing)
        try container.encode(ledger, forKey: .ledger)
        try container.encodeIfPresent(failure, forKey: .failure)
    }
}
