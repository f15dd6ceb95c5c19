import Dispatch
import Foundation
import Gossip
import InProcessTransport
import Runtime
import Synchronization
import TestKit
import Testing

@testable import TransportTrials

/// A trial over processes, here ranks that are threads: whatever joins the ranks, the answer is that of one process.
@Suite struct TrialProcessesTests {
    @Test(arguments: [(2, 3), (3, 2), (6, 1)]) func manyRanksComeToTheAnswerOfOne(_ share: (ranks: Int, peers: Int)) {
        let trial = Trial.random(peers: 6, count: 30, programs: 50, seed: 3)
        let lines = Mutex<[Int: [String]]>([:])
        let networks = ThreadRanks.make(share.ranks)
        let done = DispatchGroup()
        for network in networks {
            done.enter()
            Thread {
                let mine = trial.lines(over: network)
                lines.withLock { $0[network.rank] = mine }
                network.end()
                done.leave()
            }.start()
        }
        done.wait()
        let all = lines.withLock { lines in networks.indices.flatMap { lines[$0] ?? [] } }
        let alone = InProcessNetwork(peers: 6, clock: { .zero })
        #expect(all == Trial.lines(trial.answers(in: alone, clock: { .zero })))
        #expect(all.count == 6 * 50)
    }
}
