import Runs
import Synchronization

/// Whether someone has asked a run to end early: set from a signal, polled by the run.
public final class StopRequest: Sendable {
    private let received = Atomic<Int32>(0)

    /// Nobody has asked yet.
    public init() {}

    /// Asks for the end of the run. Returns false when it had been asked for already.
    @discardableResult
    public func request(signal: Int32) -> Bool {
        received.compareExchange(expected: 0, desired: signal, ordering: .relaxed).exchanged
    }

    /// The signal that asked first; nil while the run may go on.
    public var signal: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }
}
