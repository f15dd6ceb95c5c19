import Dispatch
import Foundation
import MPITransport
import Runtime

/// The last rank stops without a word; rank 0 hears of it, goes on with the others, and ends the run.
enum Silence {
    static func run() throws(MPIError) {
        let ranks = try MPIRanks(silenceSeconds: 1)
        let last = ranks.count - 1
        let silent = DispatchSemaphore(value: 0)
        let heard = Inbox()
        ranks.begin(
            RankArrivals(
                frame: { _, _ in }, letter: { letter, rank in heard.put(letter.words, from: rank) },
                silence: { rank in
                    if rank == last { silent.signal() }
                }))
        guard ranks.rank != last else {
            raise(SIGSTOP)
            return
        }
        guard ranks.rank == 0 else {
            // Rank 0 ends all.
            while true { _ = heard.wait(for: 1) }
        }
        silent.wait()
        ranks.forget(last)
        TransportConformance.say(["rank \(last) is silent"])
        ranks.abort(0)
    }
}
