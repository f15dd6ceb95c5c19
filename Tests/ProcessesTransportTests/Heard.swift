import Dispatch
import Runtime
import Synchronization
import Vectors

/// What a network hands on, in its order.
final class Heard: Sendable {
    private let lines = Mutex<[String]>([])
    private let count = DispatchSemaphore(value: 0)

    private func put(_ line: String) {
        lines.withLock { $0.append(line) }
        count.signal()
    }

    var arrivals: ProcessArrivals {
        ProcessArrivals(
            frame: { [self] frame, rank in put("frame \(numbers(frame.payload)) of \(rank)") },
            controlMessage: { [self] message, rank in
                put("\(String(decoding: message.words, as: UTF8.self)) \(numbers(message.payload)) of \(rank)")
            },
            timeout: { [self] rank in put("timeout of \(rank)") })
    }

    /// Of many only how many they are.
    private func numbers(_ payload: Payload?) -> String {
        guard let payload, payload.count > 8 else { return "\(payload?.array() ?? [])" }
        return "\(payload.count) numbers"
    }

    /// All so far.
    var all: [String] { lines.withLock { $0 } }

    /// Waits until there are that many more, and gives all so far.
    func wait(for number: Int) -> [String] {
        for _ in 0..<number { count.wait() }
        return all
    }
}
