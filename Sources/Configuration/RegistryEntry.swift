/// One thing that can be chosen by name: how lists show it, and how it is made.
public struct RegistryEntry<Make: Sendable>: Sendable {
    public let description: Description
    public let make: Make

    public init(_ description: Description, make: Make) {
        self.description = description
        self.make = make
    }

    public init(_ name: String, _ summary: String, options: [OptionDescription] = [], make: Make) {
        self.init(Description(name: name, summary: summary, options: options), make: make)
    }
}
