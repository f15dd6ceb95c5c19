/// Something that can be chosen by name in an experiment: an algorithm, a model, a data set, a graph.
public struct Description: Sendable, Hashable {
    public let name: String
    /// One line.
    public let summary: String
    public let options: [OptionDescription]

    public init(name: String, summary: String, options: [OptionDescription] = []) {
        self.name = name
        self.summary = summary
        self.options = options
    }
}
