/// One thing that can be chosen by name: how lists show it, and how it is made.
public struct RegistryEntry<Make: Sendable>: Sendable {
    public let description: Description
    public let make: Make

    public init(_ name: String, _ summary: String, options: [OptionDescription] = [], make: Make) {
        description = Description(name: name, summary: summary, options: options)
        self.make = make
    }
}
