import Configuration
import Optimizers
import Testing

@Suite struct SchedulesTests {
    private func make(_ name: String, _ options: Options, samplesPerStep: Double = 1) throws(ConfigurationError)
        -> any Schedule
    {
        try Schedules.make(name, options, samplesPerStep: samplesPerStep)
    }

    @Test func constantStaysConstant() throws {
        let schedule = try make("constant", Options())
        #expect((0..<50).allSatisfy { schedule.factor(at: $0, stepsPerEpoch: 3, of: 50) == 1 })
    }

    @Test func milestonesActFromTheFirstStepAfterThem() throws {
        let options = Options(["epochs": .list([.integer(2), .integer(3)]), "factor": .number(0.5)])
        let schedule = try make("step", options)
        let factors = (0..<16).map { schedule.factor(at: $0, stepsPerEpoch: 4, of: 16) }
        #expect(
            factors == [Double](repeating: 1, count: 8) + [Double](repeating: 0.5, count: 4)
                + [Double](repeating: 0.25, count: 4))
    }

    @Test func everyIsMilestonesAtEqualDistances() throws {
        let every = try make("step", Options(["every": .integer(2)]))
        let listed = try make("step", Options(["epochs": .list([2, 4, 6, 8].map(OptionValue.integer))]))
        for step in 0..<100 {
            // An epoch need not be a whole number of steps: 10 samples, 2 peers, batch 2.
            #expect(
                every.factor(at: step, stepsPerEpoch: 10.5, of: 100)
                    == listed.factor(at: step, stepsPerEpoch: 10.5, of: 100))
        }
        #expect(every.factor(at: 21, stepsPerEpoch: 10.5, of: 100) == 0.1)
    }

    @Test func theCosineFallsToItsEnd() throws {
        let schedule = try make("cosine", Options())
        // Of 4 steps: cos 0, 45, 90 and 135 degrees.
        let half = 0.5.squareRoot()
        for (step, factor) in [1, (1 + half) / 2, 0.5, (1 - half) / 2].enumerated() {
            #expect(abs(schedule.factor(at: step, stepsPerEpoch: 1, of: 4) - factor) < 1e-15)
        }
        let left = try make("cosine", Options(["final": .number(0.1)]))
        #expect(left.factor(at: 0, stepsPerEpoch: 3, of: 100) == 1)
        #expect(abs(left.factor(at: 50, stepsPerEpoch: 3, of: 100) - 0.55) < 1e-15)
        #expect(abs(left.factor(at: 100, stepsPerEpoch: 3, of: 100) - 0.1) < 1e-15)
        // A peer that makes more steps than planned stays at the end.
        #expect(left.factor(at: 200, stepsPerEpoch: 3, of: 100) == left.factor(at: 100, stepsPerEpoch: 3, of: 100))
    }

    @Test func theInverseDiminishesByEpochs() throws {
        let schedule = try make("inverse", Options(["decay": .number(0.5)]))
        #expect([0, 5, 10, 30].map { schedule.factor(at: $0, stepsPerEpoch: 5, of: 9) } == [1, 1 / 1.5, 0.5, 0.25])
        let root = try make("inverse", Options(["decay": .number(1), "power": .number(0.5)]))
        #expect(root.factor(at: 6, stepsPerEpoch: 2, of: 9) == 0.5)
        let other = try make("inverse", Options(["decay": .number(1), "power": .number(0.75)]))
        #expect(abs(other.factor(at: 15, stepsPerEpoch: 1, of: 9) - 0.125) < 1e-15)
    }

    @Test(arguments: ["constant", "cosine", "inverse"]) func everyScheduleCanWarmUp(name: String) throws {
        let plain = try make(name, Options())
        let warm = try make(name, Options(["warmup_epochs": .number(2)]))
        for step in 0..<20 {
            // Eight steps of warm-up.
            let rise = min(Double(step + 1) / 8, 1)
            #expect(
                warm.factor(at: step, stepsPerEpoch: 4, of: 20)
                    == rise * plain.factor(at: step, stepsPerEpoch: 4, of: 20))
        }
        // Less than a step of warm-up is none.
        let short = try make(name, Options(["warmup_epochs": .number(0.1)]))
        #expect(short.factor(at: 0, stepsPerEpoch: 4, of: 20) == plain.factor(at: 0, stepsPerEpoch: 4, of: 20))
    }

    /// Linear scaling with gradual warm-up (Goyal et al., 2017): 8 times the batch, so 8 times the rate 0.1, which
    /// rises from 0.1 to 0.8 over 5 epochs.
    @Test func aScaledRateRisesFromTheUnscaledOne() throws {
        let options = Options(["warmup_epochs": .number(5), "warmup_from": .number(0.125)])
        let schedule = try make("constant", options)
        for step in 0..<100 {
            let rate = step < 50 ? 0.1 + 0.7 * Double(step + 1) / 50 : 0.8
            #expect(abs(0.8 * schedule.factor(at: step, stepsPerEpoch: 10, of: 100) - rate) < 1e-12)
        }
    }

    /// The same without a word on k: peers x batch is 8 times the batch for which the rate is meant.
    @Test func aRateForAnotherBatchIsScaledAndRises() throws {
        let given = Options(["warmup_epochs": .number(5), "warmup_from": .number(0.125)])
        let byHand = try make("cosine", given)
        let options = Options(["warmup_epochs": .number(5), "reference_batch": .integer(256)])
        let schedule = try make("cosine", options, samplesPerStep: 2048)
        let plain = try make("constant", Options(["reference_batch": .integer(256)]), samplesPerStep: 384)
        let smaller = try make("constant", options, samplesPerStep: 64)
        let fromZero = try make(
            "constant", Options(options.values.merging(["warmup_from": .number(0)]) { $1 }), samplesPerStep: 2048)
        for step in 0..<100 {
            func factor(_ schedule: any Schedule) -> Double {
                schedule.factor(at: step, stepsPerEpoch: 10, of: 100)
            }
            #expect(factor(schedule) == 8 * factor(byHand))
            #expect(factor(plain) == 1.5)
            // Nothing rises from more than it comes to.
            #expect(factor(smaller) == 0.25)
            #expect(factor(fromZero) == 8 * min(Double(step + 1) / 50, 1))
        }
    }

    @Test(
        arguments: [
            ("steps", [:], "name", "unknown schedule 'steps'; did you mean 'step'?"),
            (
                "constant", ["factor": .number(0.1)], "factor",
                "unknown key 'factor'; known are reference_batch, warmup_epochs, warmup_from"
            ),
            ("step", [:], "epochs", "the step schedule needs milestones, such as epochs: [4, 6] or every: 2"),
            (
                "step", ["every": .integer(2), "epochs": .list([.integer(2)])], "every",
                "give milestones either by every or by epochs, not both"
            ),
            ("step", ["epochs": .list([.integer(3), .integer(3)])], "epochs", "[3, 3] must rise, from at least 1"),
            ("step", ["epochs": .list([.integer(0)])], "epochs", "[0] must rise, from at least 1"),
            ("inverse", ["decay": .number(-1)], "decay", "-1.0 is not a number of at least 0"),
            ("cosine", ["final": .number(2)], "final", "2.0 is not a number from 0 to 1"),
            ("cosine", ["warmup_epochs": .number(-1)], "warmup_epochs", "-1.0 is not a number from 0 to 1000000"),
            (
                "cosine", ["reference_batch": .integer(0)], "reference_batch",
                "0 is not a whole number of at least 1, or null"
            ),
            (
                "cosine", ["warmup_from": .number(0.5)], "warmup_from",
                "there is no warm-up that would rise from it; give warmup_epochs, too"
            ),
            ("step", ["every": .integer(0)], "every", "0 is not a whole number of at least 1, or null"),
        ] as [(String, [String: OptionValue], String, String)])
    func impossibleSettingsAreRefused(name: String, options: [String: OptionValue], key: String, message: String) {
        #expect(throws: ConfigurationError(key: key, message)) { _ = try make(name, Options(options)) }
    }
}
