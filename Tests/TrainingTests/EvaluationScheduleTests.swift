import Testing

@testable import Training

@Suite struct EvaluationScheduleTests {
    private func due(every epochs: Double, stepsPerEpoch: Double, steps: UInt64) -> [UInt64] {
        let schedule = EvaluationSchedule(everyEpochs: epochs, stepsPerEpoch: stepsPerEpoch, steps: steps)
        return (0...steps + 2).filter(schedule.isDue)
    }

    @Test func testingFollowsTheFirstStepOfAnEpochsEnd() {
        #expect(due(every: 1, stepsPerEpoch: 234.375, steps: 1000) == [235, 469, 704, 938])
        #expect(due(every: 0.5, stepsPerEpoch: 10, steps: 21) == [5, 10, 15, 20])
        #expect(due(every: 2, stepsPerEpoch: 3, steps: 6) == [])
    }

    @Test func anIntervalBelowAStepMeansEveryStep() {
        #expect(due(every: 0.01, stepsPerEpoch: 10, steps: 4) == [1, 2, 3])
    }
}
