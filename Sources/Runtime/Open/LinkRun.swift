/// What a run must have in common with those of others on an open network, and what it tells to whoever joins.
public struct LinkRun: Sendable, Hashable {
    /// The fingerprint of all settings that must be the same.
    public let fingerprint: UInt64
    /// Those settings as an experiment file.
    public let text: String
    /// Numbers in a model.
    public let parameterCount: Int
    /// The fingerprint of how they lie.
    public let layout: UInt64

    /// The longest text that is told.
    public static let longestText = 64 << 10

    /// A run of these settings.
    public init(fingerprint: UInt64, text: String, parameterCount: Int, layout: UInt64) {
        self.fingerprint = fingerprint
        self.text = text
        self.parameterCount = parameterCount
        self.layout = layout
    }
}
