import Dispatch
import Runtime
import Synchronization
import TransportTrials

/// A trial whose peers are spread over ranks, in equal shares. Its answers come to rank 0 by letter.
enum Spread {
    static func run(_ trial: Trial, over ranks: any ProcessNetwork) {
        let inbox = Inbox()
        let lines = trial.lines(
            over: ranks, letter: { letter, rank in inbox.put(letter.words, from: rank) },
            silence: { rank in TransportConformance.fail("rank \(rank) is silent", code: 1) })
        if ranks.rank == 0 {
            let others = inbox.wait(for: ranks.count - 1)
            let texts = others.sorted { $0.key < $1.key }.map { String(decoding: $0.value, as: UTF8.self) }
            TransportConformance.say(lines + texts)
        } else {
            ranks.send(Letter(words: Array(lines.joined(separator: "\n").utf8)), to: 0)
        }
        ranks.end()
    }
}

/// Words from other ranks, one letter each.
final class Inbox: Sendable {
    private let letters = Mutex<[Int: [UInt8]]>([:])
    private let count = DispatchSemaphore(value: 0)

    func put(_ words: [UInt8], from rank: Int) {
        letters.withLock { $0[rank] = words }
        count.signal()
    }

    func wait(for number: Int) -> [Int: [UInt8]] {
        for _ in 0..<number { count.wait() }
        return letters.withLock { $0 }
    }
}
