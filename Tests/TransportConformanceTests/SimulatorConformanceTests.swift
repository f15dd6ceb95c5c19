import Testing
import TransportTrials

/// The answer of a trial does not depend on time: else it could not judge transports.
@Suite struct SimulatorConformanceTests {
    @Test(arguments: [2, 3, 4] as [UInt64]) func anotherTimingComesToTheSameAnswer(_ seed: UInt64) {
        #expect(Trial.lines(simulated(Programs.trial, seed: seed)) == Programs.answer)
    }

    @Test func everyProgramMovesTheVectors() {
        #expect(Programs.answer.count == Programs.peers * Programs.programs)
        #expect(Set(Programs.answer.map { $0.split(separator: " ")[2] }).count > Programs.answer.count / 2)
    }
}
