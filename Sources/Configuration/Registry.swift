/// Things that can be chosen by name in an experiment, in the order of the lists: the one shape of every such list.
///
/// `Make` is what an entry has to offer besides its description: a type, or a value that makes the thing from options.
/// (As a function that throws a typed error it would have to stand in a struct: Swift 6.3 crashes over a bare one.)
public struct Registry<Make: Sendable>: Sendable {
    /// What is chosen, for messages: `model`, `data set`.
    public let noun: String
    /// The key by which it is chosen: `name` or `kind`.
    public let key: String
    /// In the order of the lists.
    let entries: [RegistryEntry<Make>]

    /// The names must differ.
    public init(_ noun: String, key: String = "name", _ entries: [RegistryEntry<Make>]) {
        precondition(Set(entries.map(\.description.name)).count == entries.count, "two \(noun)s of one name")
        self.noun = noun
        self.key = key
        self.entries = entries
    }

    /// Names, summaries and options, for lists and the schema.
    public var descriptions: [Description] { entries.map(\.description) }

    /// How the thing of that name is made.
    ///
    /// Throws for an unknown name, with the registry's key, and for an option that the thing does not have.
    public func make(_ name: String, _ options: Options) throws(ConfigurationError) -> Make {
        guard let entry = entries.first(where: { $0.description.name == name }) else {
            throw ConfigurationError(
                key: key, unknown(noun, name, known: entries.map(\.description.name)))
        }
        try options.refuseUnknown(besides: entry.description.options)
        return entry.make
    }
}
