import Gossip
import Graphs
import Runs
import Testing

@testable import Training

@Suite struct EvaluationScheduleTests {
    private func schedule(every epochs: Double, shares: [Int], epochs length: Double) -> EvaluationSchedule {
        EvaluationSchedule(
            everyEpochs: epochs, in: RunLength(shares: shares, epochs: length, isPacedByShares: true))
    }

    private func due(every epochs: Double, stepsPerEpoch: Int, steps: UInt64) -> [UInt64] {
        let length = RunLength(shares: [stepsPerEpoch], epochs: 1, steps: steps, isPacedByShares: true)
        let schedule = EvaluationSchedule(everyEpochs: epochs, in: length)
        let due = (0...steps + 2).filter(schedule.isDue)
        // The same found one after the other.
        #expect(Array(sequence(first: 0) { schedule.next(after: $0) }.dropFirst()) == due)
        return due
    }

    @Test func testingFollowsTheFirstStepOfAnEpochsEnd() {
        #expect(due(every: 0.5, stepsPerEpoch: 469, steps: 1000) == [235, 469, 704, 938])
        #expect(due(every: 0.5, stepsPerEpoch: 10, steps: 21) == [5, 10, 15, 20])
        #expect(due(every: 2, stepsPerEpoch: 3, steps: 6) == [])
        #expect(due(every: 1e300, stepsPerEpoch: 3, steps: 6) == [])
    }

    @Test func anIntervalBelowAStepMeansEveryStep() {
        #expect(due(every: 0.01, stepsPerEpoch: 10, steps: 4) == [1, 2, 3])
    }

    /// 0.1 x 30 is a little more than 3 in float64.
    @Test func roundingMovesNoTest() {
        #expect(due(every: 0.1, stepsPerEpoch: 30, steps: 10) == [3, 6, 9])
    }

    /// Each peer hands in its model when it has done as many epochs as the longest share at the test's step.
    @Test func unequalSharesMeetByEpochs() {
        let schedule = schedule(every: 0.5, shares: [6, 3, 1], epochs: 2)
        #expect((0...12).filter { schedule.isDue($0) } == [3, 6, 9])
        func handedIn(by peer: PeerID, of steps: UInt64) -> [UInt64: [UInt64]] {
            var found: [UInt64: [UInt64]] = [:]
            for step in 0...steps { found[step] = schedule.due(after: step, of: peer) }
            return found.filter { !$0.value.isEmpty }
        }
        #expect(handedIn(by: 0, of: 12) == [3: [3], 6: [6], 9: [9]])
        #expect(handedIn(by: 1, of: 6) == [2: [3], 3: [6], 5: [9]])
        #expect(handedIn(by: 2, of: 2) == [1: [3, 6], 2: [9]])
    }
}
