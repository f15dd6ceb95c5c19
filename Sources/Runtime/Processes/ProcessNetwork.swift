public import Vectors

/// The network between the processes that carry out one run together, called ranks, as one of them sees the others: all
/// that a run needs of whatever joins them.
///
/// Frames go between the peers that live on them, letters between what leads the run on each. To each rank both arrive
/// once, and each kind in the order in which it was sent, for as long as the rank lives. All calls may come from any
/// thread; none blocks but `end`, and `send` of frames while too many bytes are under way.
public protocol ProcessNetwork: AnyObject, Sendable {
    /// This process among the others, from 0.
    var rank: Int { get }
    /// How many processes there are.
    var count: Int { get }
    /// What carries the bytes, for people, such as "Open MPI v4.1.4".
    var carrier: String { get }

    /// Begins to hand on what arrives, also what has come before; called once.
    func begin(_ arrivals: ProcessArrivals)

    /// Hands over a frame for a peer that lives on another rank. Its payload is kept until it has left. While more are
    /// on that way than memory should hold this waits, and so is not for the thread that hands on what arrives.
    func send(_ frame: Frame, to rank: Int)

    /// Whether so much is on the way to some rank that `send` may soon wait: for whoever must not.
    var isCrowded: Bool { get }

    /// Hands over a control message for another rank.
    func send(_ controlMessage: ControlMessage, to rank: Int)

    /// Whether exact averages are to be taken by `sum`; else the learners pass pieces around a ring.
    var takesSums: Bool { get }

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

    /// Goes without leave: what was handed over and has not left may be lost, and nothing is heard any more. The others
    /// take this rank for gone. Does nothing where leaving takes the process's end.
    func abandon()

    /// Ends all ranks at once, without leave.
    func abort(_ code: Int32) -> Never

    /// What the network stands on, to measure it beside; nil where there is nothing of the kind.
    var baseline: NetworkBaseline? { get }
}

extension ProcessNetwork {
    public var isCrowded: Bool { false }

    public var takesSums: Bool { false }

    public func sum(_ payload: Payload, _ receive: @escaping @Sendable (Payload) -> Void) {
        preconditionFailure("\(carrier) takes no sums")
    }

    public func setAwaited(_ isAwaited: Bool) {}

    public func abandon() {}

    public var baseline: NetworkBaseline? { nil }
}
