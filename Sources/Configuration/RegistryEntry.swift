/// One thing that can be chosen by name: how lists show it, and how it is made.
public struct RegistryEntry<Make: Sendable>: Sendable {
    /// What lists and the schema show of it.
    let description: Description
    /// Handed out by `Registry.make` when its name is chosen.
    let make: Make

    /// An entry for what has a description already.
    public init(_ description: Description, make: Make) {
        self.description = description
        self.make = make
    }

    /// An entry whose description is made of a name, a summary of one line and the options.
    public init(_ name: String, _ summary: String, options: [OptionDescription] = [], make: Make) {
        self.init(Description(name: name, summary: summary, options: options), make: make)
    }
}
