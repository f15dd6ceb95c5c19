import Gossip
import Graphs
import Runs
import Testing
import Vectors

@testable import Training

@Suite struct TestRoundsTests {
    private func snapshot(_ peer: PeerID, _ value: Float = 0) -> TestRounds.Snapshot {
        TestRounds.Snapshot(peer: peer, model: Payload([value]), samples: 1)
    }

    @Test func theEarliestCompleteTestIsTaken() throws {
        var rounds = TestRounds()
        for (peer, step) in [(1, 10), (0, 10), (1, 5)] as [(PeerID, UInt64)] {
            rounds.submit(snapshot(peer), step: step)
        }
        let first = try #require(rounds.takeFirst { $0 == 5 ? [0, 1] : [0, 1] })
        #expect(first.step == 10 && first.snapshots.map(\.peer) == [0, 1])
        #expect(rounds.takeFirst { _ in [0, 1] } == nil)
        // Who came later is not awaited.
        #expect(try #require(rounds.takeFirst { _ in [1] }).step == 5)
        #expect(rounds.waiting.isEmpty)
    }

    @Test func testsWaitInTheirOrder() {
        var rounds = TestRounds()
        for step in [7, 3, 9, 5] as [UInt64] { rounds.submit(snapshot(0), step: step) }
        #expect(rounds.waiting.map(\.step) == [3, 5, 7, 9])
        #expect(rounds.takeFirst { $0 == 5 ? [0] : [0, 1] }?.step == 5)
        #expect(rounds.waiting.map(\.step) == [3, 7, 9])
    }

    /// Whoever comes back from the dead hands in again.
    @Test func aLaterModelReplacesAnEarlierOne() throws {
        var rounds = TestRounds()
        rounds.submit(snapshot(0, 1), step: 3)
        rounds.submit(snapshot(0, 2), step: 3)
        #expect(try #require(rounds.takeFirst { _ in [0] }).snapshots.map { $0.model.array() } == [[2]])
    }

    @Test func theDeadAreLeftOut() {
        var rounds = TestRounds()
        rounds.submit(snapshot(0), step: 3)
        rounds.leave(0)
        #expect(rounds.takeFirst { _ in [] } == nil)
    }
}
