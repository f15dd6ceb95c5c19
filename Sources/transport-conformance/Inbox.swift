import Dispatch
import Runtime
import Synchronization
import TransportTrials

/// Words from other ranks, one letter each.
final class Inbox: Sendable {
    private let controlMessages = Mutex<[Int: [UInt8]]>([:])
    private let count = DispatchSemaphore(value: 0)

    func put(_ words: [UInt8], from rank: Int) {
        controlMessages.withLock { $0[rank] = words }
        count.signal()
    }

    func wait(for number: Int) -> [Int: [UInt8]] {
        for _ in 0..<number { count.wait() }
        return controlMessages.withLock { $0 }
    }
}
