public import Vectors

/// The processes that carry out one run together, called ranks, as one of them sees the others.
///
/// Frames go between the peers that live on them, letters between what leads the run on each. To each rank both arrive
/// once, and each kind in the order in which it was sent, for as long as the rank lives. All calls may come from any
/// thread; none blocks but `end`, and `send` of frames while too many bytes are under way.
public protocol RankNetwork: AnyObject, Sendable {
    /// This process among the others, from 0.
    var rank: Int { get }
    /// How many processes there are.
    var count: Int { get }

    /// Begins to hand on what arrives, also what has come before; called once.
    func begin(_ arrivals: RankArrivals)

    /// Hands over a frame for a peer that lives on another rank. Its payload is kept until it has left. While more are
    /// on that way than memory should hold this waits, and so is not for the thread that hands on what arrives.
    func send(_ frame: Frame, to rank: Int)

    /// Hands over a letter for another rank.
    func send(_ letter: Letter, to rank: Int)

    /// Adds up the payloads that all ranks hand in with their call of the same number, and hands every rank the sum.
    /// It differs in the last bits from network to network. Where a rank is gone before all have theirs, `receive` is
    /// never called on those that lack it, and no sum comes after that.
    func sum(_ payload: Payload, _ receive: @escaping @Sendable (Payload) -> Void)

    /// Whether somebody here waits for what arrives, as is so until the first call. While nobody does, a network that
    /// has to look for it leaves the processor to those who compute.
    func setAwaited(_ isAwaited: Bool)

    /// A rank is to count as gone: nothing is sent to it any more, nothing heard from it, and sums under way
    /// are given up. Told on rank 0, it holds on all.
    func forget(_ rank: Int)

    /// Waits until everything has left that was handed over, and takes leave of the other ranks, who must do the same.
    /// Where a rank is gone, no leave is taken: the process is to end then.
    func end()
}

/// What a network between ranks hands on, on a thread of its own that must not be kept waiting.
public struct RankArrivals: Sendable {
    /// A frame, and the rank it came from.
    public let frame: @Sendable (Frame, Int) -> Void
    public let letter: @Sendable (Letter, Int) -> Void
    /// Nothing has been heard from that rank for so long that it must be gone, or it cannot be reached. Rank 0 hears
    /// this of every rank, the others of rank 0 only.
    public let silence: @Sendable (Int) -> Void

    public init(
        frame: @escaping @Sendable (Frame, Int) -> Void, letter: @escaping @Sendable (Letter, Int) -> Void,
        silence: @escaping @Sendable (Int) -> Void
    ) {
        self.frame = frame
        self.letter = letter
        self.silence = silence
    }
}

/// What leads a run on one rank says to another: words, and a vector where they are about one.
public struct Letter: Sendable {
    public var words: [UInt8]
    public var payload: Payload?

    public init(words: [UInt8], payload: Payload? = nil) {
        self.words = words
        self.payload = payload
    }
}
