import Dispatch
import Foundation
import Runtime
import Vectors

/// The last rank stops without a word; rank 0 hears of it and tells the others, and they take their leave
/// without it.
enum Timeout {
    static func run() throws {
        let ranks = try TransportConformance.join(timeoutSeconds: 1)
        let last = ranks.count - 1
        let silent = DispatchSemaphore(value: 0)
        let inbox = Inbox()
        ranks.begin(
            ProcessArrivals(
                frame: { _, _ in },
                controlMessage: { controlMessage, rank in inbox.put(controlMessage.words, from: rank) },
                timeout: { rank in
                    if rank == last { silent.signal() }
                }))
        guard ranks.rank != last else {
            raise(SIGSTOP)
            return
        }
        // Never over, and nobody waits for it.
        if ranks.takesSums {
            ranks.sum(Payload([1])) { _ in TransportConformance.fail("a sum without the last rank", code: 1) }
        }
        if ranks.rank == 0 {
            silent.wait()
            ranks.forget(last)
            // What is under way to the dead never arrives, and nobody waits for it.
            ranks.send(ControlMessage(words: [0], payload: Payload([Float](repeating: 1, count: 1 << 20))), to: last)
            for other in 1..<last { ranks.send(ControlMessage(words: [UInt8(last)]), to: other) }
            _ = inbox.wait(for: last - 1)
            ranks.end()
            TransportConformance.say(["rank \(last) is silent, and the others took their leave"])
            ranks.abort(0)
        }
        let order = inbox.wait(for: 1)
        ranks.forget(Int(order[0]?.first ?? 0))
        ranks.send(ControlMessage(words: [1]), to: 0)
        ranks.end()
        // Rank 0 ends all: a process that leaves without MPI's leave counts as failed.
        DispatchSemaphore(value: 0).wait()
    }
}
