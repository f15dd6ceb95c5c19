/// Something that can be chosen by name in an experiment: an algorithm, a model, a data set, a graph.
public struct Description: Sendable, Hashable {
    /// The word by which it is chosen.
    public let name: String
    /// One line.
    public let summary: String
    /// The keys that may stand beside its name, in the order of the lists.
    public let options: [OptionDescription]
    /// Keys that others of its kind have and it has for a reason not, each with that reason and what to do.
    public let refusals: [String: String]

    /// Without options when it has nothing to set.
    public init(
        name: String, summary: String, options: [OptionDescription] = [], refusals: [String: String] = [:]
    ) {
        self.name = name
        self.summary = summary
        self.options = options
        self.refusals = refusals
    }
}
