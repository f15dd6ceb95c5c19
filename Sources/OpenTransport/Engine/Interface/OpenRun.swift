/// What is trained: both ends of a link must say the same.
public struct OpenRun: Sendable {
    /// The fingerprint of all settings that must be the same; 0 is none.
    public var experiment: UInt64
    /// The experiment as YAML, for those who join without it; at most 64 KiB.
    public var text: String
    /// How many parameters the model has.
    public var parameterCount: Int
    /// The fingerprint of how they lie.
    public var layout: UInt64

    /// The run with these facts.
    public init(experiment: UInt64, text: String, parameterCount: Int, layout: UInt64) {
        self.experiment = experiment
        self.text = text
        self.parameterCount = parameterCount
        self.layout = layout
    }
}
