import Synchronization

/// Keeps the first of some errors, for whoever asks after a run.
final class FirstFailure: Sendable {
    private let first = Mutex<DataError?>(nil)

    var error: DataError? { first.withLock(\.self) }

    func note(_ error: DataError) { first.withLock { $0 = $0 ?? error } }
}
