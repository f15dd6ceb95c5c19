/// How a peer takes part in a run on an open network.
public struct LinkTerms: Sendable, Hashable {
    /// What tells the peer from all others: its draws are its own by that.
    public var key: UInt64
    /// Whether it begins a run, with all of the weight, instead of getting into one.
    public var isFounder: Bool
    /// For so many others it waits before its first step.
    public var waitCount: Int
    /// When it leaves, in seconds since 1970; nil for not before its last step.
    public var endsAt: Int64?
    /// How long what is in doubt behind a broken link waits for the next connection.
    public var doubtSeconds: Double

    /// A founder who waits for nobody, unless told otherwise.
    public init(
        key: UInt64, isFounder: Bool = true, waitCount: Int = 0, endsAt: Int64? = nil, doubtSeconds: Double = 600
    ) {
        self.key = key
        self.isFounder = isFounder
        self.waitCount = waitCount
        self.endsAt = endsAt
        self.doubtSeconds = doubtSeconds
    }
}
