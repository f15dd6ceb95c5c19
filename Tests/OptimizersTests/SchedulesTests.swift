import Configuration
import Optimizers
import Testing

@Suite struct SchedulesTests {
    @Test func constantStaysConstant() throws {
        let schedule = try Schedules.make("constant", Options())
        #expect((0..<50).allSatisfy { schedule.factor(at: $0, stepsPerEpoch: 3, of: 50) == 1 })
    }

    @Test func milestonesActFromTheFirstStepAfterThem() throws {
        let options = Options(["epochs": .list([.integer(2), .integer(3)]), "factor": .number(0.5)])
        let schedule = try Schedules.make("step", options)
        let factors = (0..<16).map { schedule.factor(at: $0, stepsPerEpoch: 4, of: 16) }
        #expect(
            factors == [Double](repeating: 1, count: 8) + [Double](repeating: 0.5, count: 4)
                + [Double](repeating: 0.25, count: 4))
    }

    @Test func everyIsMilestonesAtEqualDistances() throws {
        let every = try Schedules.make("step", Options(["every": .integer(2)]))
        let listed = try Schedules.make("step", Options(["epochs": .list([2, 4, 6, 8].map(OptionValue.integer))]))
        for step in 0..<100 {
            // An epoch need not be a whole number of steps: 10 samples, 2 peers, batch 2.
            #expect(
                every.factor(at: step, stepsPerEpoch: 10.5, of: 100)
                    == listed.factor(at: step, stepsPerEpoch: 10.5, of: 100))
        }
        #expect(every.factor(at: 21, stepsPerEpoch: 10.5, of: 100) == 0.1)
    }

    @Test(
        arguments: [
            ("steps", [:], "name", "unknown schedule 'steps'; did you mean 'step'?"),
            ("constant", ["factor": .number(0.1)], "factor", "unknown key 'factor'; there is none to give here"),
            ("step", [:], "epochs", "the step schedule needs milestones, such as epochs: [4, 6] or every: 2"),
            (
                "step", ["every": .integer(2), "epochs": .list([.integer(2)])], "every",
                "give milestones either by every or by epochs, not both"
            ),
            ("step", ["epochs": .list([.integer(3), .integer(3)])], "epochs", "[3, 3] must rise, from at least 1"),
            ("step", ["epochs": .list([.integer(0)])], "epochs", "[0] must rise, from at least 1"),
            ("step", ["every": .integer(0)], "every", "0 is not a whole number of at least 1, or null"),
        ] as [(String, [String: OptionValue], String, String)])
    func impossibleSettingsAreRefused(name: String, options: [String: OptionValue], key: String, message: String) {
        #expect(throws: ConfigurationError(key: key, message)) { _ = try Schedules.make(name, Options(options)) }
    }
}
