import Runs
import Synchronization

/// Counts what is under way among the peers of a process: frames, gradients and timers not yet handled, and beginnings.
/// When all peers have finished, or hold back their gradients, and nothing is under way anywhere, nothing can happen
/// any more: handling something counts what it brings about before it counts as handled itself.
final class Traffic: Sendable {
    private let unhandled = Atomic(0)
    private let begun = Atomic<UInt64>(0)
    private let dropped = Atomic(0)
    private let abroad: Mutex<(sent: [UInt64], received: [UInt64])>

    /// - Parameter ranks: How many processes there are.
    init(ranks: Int = 1) {
        let nothing = [UInt64](repeating: 0, count: ranks)
        abroad = Mutex((nothing, nothing))
    }

    func began() {
        begun.add(1, ordering: .sequentiallyConsistent)
        unhandled.add(1, ordering: .sequentiallyConsistent)
    }

    func ended() { unhandled.subtract(1, ordering: .sequentiallyConsistent) }

    /// A message has vanished on its way.
    func lost() { dropped.add(1, ordering: .relaxed) }

    /// Messages that have vanished so far, repetitions among them.
    var droppedCount: Int { dropped.load(ordering: .relaxed) }

    /// So many more things are under way than were counted, or fewer where it is negative.
    func recount(_ difference: Int) { unhandled.add(difference, ordering: .sequentiallyConsistent) }

    /// A frame that was under way here leaves for another rank.
    func left(for rank: Int) {
        abroad.withLock { $0.sent[rank] += 1 }
        ended()
    }

    /// A frame of another rank comes to be handled here.
    func arrived(from rank: Int) {
        began()
        abroad.withLock { $0.received[rank] += 1 }
    }

    var isQuiet: Bool { unhandled.load(ordering: .sequentiallyConsistent) == 0 }

    /// What the counts were, each taken after the one before it.
    struct Count: Codable, Sendable {
        /// Whatever began since the run did.
        let begun: UInt64
        let unhandled: Int
        /// Frames to and from each rank.
        let sent: [UInt64]
        let received: [UInt64]
    }

    var count: Count {
        let begun = begun.load(ordering: .sequentiallyConsistent)
        let unhandled = unhandled.load(ordering: .sequentiallyConsistent)
        let (sent, received) = abroad.withLock { $0 }
        return Count(begun: begun, unhandled: unhandled, sent: sent, received: received)
    }
}
