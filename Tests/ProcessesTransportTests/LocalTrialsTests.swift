import Foundation
import Gossip
import InProcessTransport
import Runtime
import Testing
import TransportTrials

@testable import ProcessesTransport

/// The trials that every transport stands, over networks that meet within this process.
@Suite struct LocalTrialsTests {
    private func lines(_ trial: Trial, over ranks: Int) throws -> [String] {
        let (networks, _) = try Meeting(ranks).join(networks: ranks)
        let lines = Meeting.each(Array(networks.indices)) { rank in
            let lines = trial.lines(over: networks[rank])
            networks[rank].end()
            return lines
        }
        return try networks.indices.flatMap { try lines[$0]?.get() ?? [] }
    }

    private func alone(_ trial: Trial) -> [String] {
        Trial.lines(trial.answers(in: InProcessNetwork(peers: trial.peers, clock: { .zero }), clock: { .zero }))
    }

    @Test(arguments: [(2, 3), (3, 2), (4, 1), (5, 2)]) func manyRanksComeToTheAnswerOfOne(
        _ share: (ranks: Int, peers: Int)
    ) throws {
        let trial = Trial.random(peers: share.ranks * share.peers, count: 300, programs: 100, seed: 3)
        #expect(try lines(trial, over: share.ranks) == alone(trial))
    }

    @Test func payloadsOfAllSizesArrive() throws {
        let trial = Trial.sizes(peers: 2, count: 1 << 21)
        #expect(try lines(trial, over: 2) == alone(trial))
    }
}
