import Foundation
import Synchronization

/// The places in the writing of a checkpoint at which a process may die, counted: so that tests can have it die at
/// each.
public final class CrashPoints: Sendable {
    private let left: Atomic<Int>

    /// - Parameter deadly: The operation, counted from 1, before which the process is killed; nil or 0 for none.
    public init(deadly: Int? = nil) {
        left = Atomic(deadly ?? 0)
    }

    /// Before an operation on the disk.
    package func pass() {
        guard left.load(ordering: .relaxed) > 0 else { return }
        if left.subtract(1, ordering: .relaxed).newValue == 0 { kill(getpid(), SIGKILL) }
    }
}
