import DequeModule
import Dispatch
import Gossip
import Runtime
import Synchronization

/// Arrivals in order, for one reader.
final class Mailbox: Sendable {
    private let arrivals = Mutex(Deque<Inbound>())
    private let count = DispatchSemaphore(value: 0)
    private let clock: @Sendable () -> Time

    init(clock: @escaping @Sendable () -> Time) { self.clock = clock }

    func put(_ inbound: Inbound) {
        arrivals.withLock { $0.append(inbound) }
        count.signal()
    }

    func next(until deadline: Time?) -> Inbound? {
        if let deadline {
            let nanoseconds = max(0, deadline.nanoseconds - clock().nanoseconds)
            let limit = DispatchTime.now() + .nanoseconds(Int(nanoseconds))
            guard count.wait(timeout: limit) == .success else { return nil }
        } else {
            count.wait()
        }
        return arrivals.withLock { $0.popFirst() }
    }
}
