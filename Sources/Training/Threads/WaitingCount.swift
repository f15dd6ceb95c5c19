import Runs
import Synchronization

/// Peers of this process that can do nothing until something arrives. Whoever has to look for what arrives is told
/// whether there are any.
final class WaitingCount: Sendable {
    private let count = Mutex(0)
    private let tell: @Sendable (_ areThere: Bool) -> Void

    /// - Parameter tell: Called at each change, in order; must be quick.
    init(_ tell: @escaping @Sendable (_ areThere: Bool) -> Void) { self.tell = tell }

    /// So far nobody waits: told before the first peer begins.
    func begin() { count.withLock { if $0 == 0 { tell(false) } } }

    func enter() {
        count.withLock { count in
            count += 1
            if count == 1 { tell(true) }
        }
    }

    func leave() {
        count.withLock { count in
            count -= 1
            if count == 0 { tell(false) }
        }
    }
}
