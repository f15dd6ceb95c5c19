import Dispatch
import Graphs
import Runtime
import Synchronization
import TransportTrials

/// A trial whose peers are spread over ranks, in equal shares. Its answers come to rank 0 by letter.
enum Spread {
    static func run(_ trial: Trial, over ranks: any ProcessNetwork) {
        let inbox = Inbox()
        let lines = trial.lines(
            over: ranks, controlMessage: { controlMessage, rank in inbox.put(controlMessage.words, from: rank) },
            timeout: { rank in TransportConformance.fail("rank \(rank) is silent", code: 1) })
        if ranks.rank == 0 {
            let others = inbox.wait(for: ranks.count - 1)
            let texts = others.sorted { $0.key < $1.key }.map { String(decoding: $0.value, as: UTF8.self) }
            TransportConformance.say(lines + texts)
        } else {
            ranks.send(ControlMessage(words: Array(lines.joined(separator: "\n").utf8)), to: 0)
        }
        ranks.end()
    }
}
