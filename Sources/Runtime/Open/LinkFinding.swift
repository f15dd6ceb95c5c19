/// One thing that a peer of an open network needs of its machine, looked at before there is a run.
public struct LinkFinding: Sendable, Hashable {
    /// What was looked at.
    public let name: String
    /// What there is, or what is wrong.
    public let state: String
    /// What to do about what is wrong; nil where nothing is.
    public let remedy: String?

    /// Without a remedy all is well.
    public init(_ name: String, _ state: String, remedy: String? = nil) {
        self.name = name
        self.state = state
        self.remedy = remedy
    }
}
