/// What has started this process together with others, as it is known before they have joined, and where they cannot.
public struct ProcessLaunch: Sendable, Hashable {
    /// How many processes were started; nil where that is not told.
    public var count: Int?
    /// Which of them this is, from 0; nil where that is not told.
    public var rank: Int?
    /// For so many seconds the others give the first time to say why none begins, since what started them may end all
    /// once one has left.
    public var graceSeconds: Double
    /// What whoever wants a last checkpoint should know of how the processes are ended; nil for nothing.
    public var stopRemark: String?

    /// Without arguments nothing is known of others.
    public init(
        count: Int? = nil, rank: Int? = nil, graceSeconds: Double = 1, stopRemark: String? = nil
    ) {
        self.count = count
        self.rank = rank
        self.graceSeconds = graceSeconds
        self.stopRemark = stopRemark
    }

    /// Whether this process is to speak for all: the first of them, or one that does not know its place.
    public var isFirst: Bool { (rank ?? 0) == 0 }

    /// Whether there are others.
    public var hasOthers: Bool { (count ?? 1) > 1 }
}
