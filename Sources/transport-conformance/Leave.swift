import Dispatch
import Foundation
import Runtime

/// Ranks stop without a word, and the others take their leave though nobody forgets them.
enum Leave {
    enum How: Int {
        /// The last rank stopped before, and nobody acted on its silence.
        case unheeded
        /// The last rank stops while the others take their leave.
        case unnoticed
        /// So does rank 0.
        case leaderless
    }

    /// In the folder in which all were started.
    private static let pipe = "left"

    static func run(_ how: How) throws {
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
        if ranks.rank == last { stop() }
        if ranks.rank == 0 {
            mkfifo(pipe, 0o600)
            if how == .unheeded { silent.wait() }
            for other in 1..<last { ranks.send(ControlMessage(words: []), to: other) }
            if how == .leaderless {
                // Who is told has answered, so the word has arrived.
                _ = inbox.wait(for: last - 1)
                stop()
            }
        } else {
            _ = inbox.wait(for: 1)
            if how == .leaderless { ranks.send(ControlMessage(words: []), to: 0) }
        }
        // The first of those who live hears from the others by a pipe: between ranks nothing goes any more.
        let first = how == .leaderless ? 1 : 0
        let left = open(pipe, O_RDWR)
        ranks.end()
        guard ranks.rank == first else {
            write(left, "1", 1)
            DispatchSemaphore(value: 0).wait()
            return
        }
        var word: UInt8 = 0
        for _ in (first + 1)..<last { read(left, &word, 1) }
        TransportConformance.say(["the others took their leave"])
        ranks.abort(0)
    }

    private static func stop() -> Never {
        raise(SIGSTOP)
        exit(1)
    }
}
