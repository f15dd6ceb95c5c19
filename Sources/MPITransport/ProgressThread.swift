import Dispatch
import Synchronization
import Threads

/// The thread that begins MPI, and later runs its engine.
final class ProgressThread: Sendable {
    private let outcome = Mutex<MPIError?>(nil)
    private let body = Mutex<(@Sendable () -> Void)?>(nil)
    private let begun = DispatchSemaphore(value: 0)
    private let given = DispatchSemaphore(value: 0)

    /// Begins MPI there and waits for it.
    func start(longestPieceBytes: Int, _ mpi: MPI) throws(MPIError) {
        do throws(ThreadShortage) {
            try SystemThread.start("mpi") { [self] in
                do throws(MPIError) {
                    try mpi.begin(longestPieceBytes: longestPieceBytes)
                } catch {
                    outcome.withLock { $0 = error }
                }
                begun.signal()
                given.wait()
                body.withLock { $0 }?()
            }
        } catch {
            throw .noThread(reason: error.reason)
        }
        begun.wait()
        if let error = outcome.withLock({ $0 }) {
            given.signal()
            throw error
        }
    }

    /// Has the thread do that.
    func run(_ body: @escaping @Sendable () -> Void) {
        self.body.withLock { $0 = body }
        given.signal()
    }
}
