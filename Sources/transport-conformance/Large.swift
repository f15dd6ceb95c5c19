import Dispatch
import Gossip
import Graphs
import Runtime
import Synchronization
import Vectors

/// One frame with a long payload from rank 0 to rank 1, every number of which is looked at. With more than 2^29 numbers
/// it is longer than what MPI counts.
enum Large {
    /// Where the payload waits to be looked at.
    private final class Shelf: Sendable {
        let payload = Mutex<Payload?>(nil)
    }

    private static func number(_ index: Int) -> Float { Float((index &* 31) % 65_521) }

    static func run(count: Int) throws {
        let ranks = try TransportConformance.join()
        let pool = PayloadPool()
        let (inbox, came, arrived) = (Inbox(), DispatchSemaphore(value: 0), Shelf())
        ranks.begin(
            ProcessArrivals(
                frame: { frame, _ in
                    arrived.payload.withLock { $0 = frame.payload }
                    came.signal()
                },
                controlMessage: { controlMessage, rank in inbox.put(controlMessage.words, from: rank) },
                timeout: { rank in TransportConformance.fail("rank \(rank) is silent", code: 1) }))
        if ranks.rank == 0 {
            let payload = pool.payload(count: count) { span in
                for index in span.indices { span[index] = number(index) }
            }
            let message = Frame.Content.message(
                sequence: 1, id: MessageID(rawValue: 1), metadata: Metadata(), payload: payload)
            ranks.send(Frame(from: 0, to: 1, content: message), to: 1)
            TransportConformance.say(inbox.wait(for: 1).values.map { String(decoding: $0, as: UTF8.self) })
        } else {
            came.wait()
            // Looked at here and not where it arrived: the thread that hands it on must not be kept waiting.
            let isRight = arrived.payload.withLock { $0 }?.read { numbers in
                numbers.count == count && numbers.indices.allSatisfy { numbers[$0] == number($0) }
            }
            let words = isRight == true ? "\(count) numbers came as they were sent" : "it is not what was sent"
            ranks.send(ControlMessage(words: Array(words.utf8)), to: 0)
        }
        ranks.end()
    }
}
