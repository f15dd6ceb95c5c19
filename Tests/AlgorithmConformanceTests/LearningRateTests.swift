import Configuration
import Gossip
import Runs
import Simulator
import Testing
import Training

@testable import SimulatedTraining

/// A schedule of the learning rate for runs of some 60 to 100 steps, and what the rate is then multiplied by.
struct TestSchedule: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Settings below `schedule.`; an epoch of the quadratic is a step.
    let settings: [String]
    /// Written again from the documentation, not asked of the code under test.
    let factor: @Sendable (_ step: UInt64) -> Double

    static let all = [decay, zero, warmUp, slowWarmUp]

    /// At steps that periods of 2, 3 and 5 do not divide.
    static let decay = TestSchedule(
        testDescription: "decay by 10 at steps 13 and 37", settings: ["name=step", "epochs=[13, 37]", "factor=0.1"]
    ) { $0 < 13 ? 1 : $0 < 37 ? 0.1 : 0.01 }

    static let warmUp = TestSchedule(
        testDescription: "warm-up over 20 steps, diminishing",
        settings: ["name=inverse", "decay=0.1", "warmup_epochs=20"]
    ) { min(Double($0 + 1) / 20, 1) / (1 + Double($0) / 10) }

    /// Rates so small that dividing by them brings out what single precision has left.
    static let slowWarmUp = TestSchedule(
        testDescription: "warm-up that the run does not see the end of",
        settings: ["name=constant", "warmup_epochs=1e5"]
    ) { Double($0 + 1) / 1e5 }

    /// No step at all for the rest of the run.
    static let zero = TestSchedule(
        testDescription: "nothing from step 13 on", settings: ["name=step", "epochs=[13]", "factor=0"]
    ) { $0 < 13 ? 1 : 0 }
}

/// A learning rate that changes reaches all that depends on it: corrections that remember a step, momenta that divide
/// by the rate, forces that are a multiple of it.
@Suite struct LearningRateTests {
    /// Rows of the battery whose models follow a recursion of matrices; over links that compress they do so less
    /// closely.
    private static let rows = BatteryRow.all.filter { $0.recursion != nil && $0.variant != "compressed" }.map(\.name)

    /// Cases of one row that learn, of different sizes and options.
    private static func cases(_ name: String) throws -> [BatteryCase] {
        try (0..<56).map { try Battery.case(name, seed: $0) }.filter {
            // Of several microbatches each has its own noise.
            $0.curvature > 0 && $0.option("fraction") != "0.5" && ($0.noise == 0 || $0.option("microbatches") == nil)
        }
    }

    @Test(arguments: rows, TestSchedule.all) func asInTheRecursion(name: String, schedule: TestSchedule) throws {
        let recursion = try #require(BatteryRow.row(name)?.recursion)
        var change = 0.0
        for battery in try Self.cases(name) {
            let plan = try battery.quietPlan(with: schedule.settings.map { "schedule.\($0)" })
            let run = try SimulatedRun(plan)
            #expect(try run.run().violations == [])
            var oracle = LockStepOracle(battery, plan.graph) { battery.rate * schedule.factor($0) }
            recursion(&oracle)
            let off = Self.distance(run.evaluated, oracle.models)
            #expect(off <= 1e-4, "\(battery): \(battery.algorithmOptions)")
            var constant = LockStepOracle(battery, plan.graph)
            recursion(&constant)
            change = max(change, Self.distance(run.evaluated, constant.models))
        }
        // A rate that nobody changes would have led elsewhere.
        #expect(change > 0.1)
    }

    /// Those that are exact with a constant rate come to the common optimum with the next one too, from the point that
    /// the rate before has led them to: a correction that took the new rate for the old gradient would keep an offset.
    @Test(arguments: ["d2", "exact-diffusion", "gradient-tracking", "extra", "dpsgd"])
    func stillExactAfterADecay(name: String) throws {
        let overrides = [
            "algorithm.name=\(name)", "topology.name=ring", "model.name=quadratic", "steps=300",
            "model.targets=[[1, 5], [2, -3], [4, 0], [9, 8], [-6, 0]]", "optimizer.name=sgd",
            "optimizer.learning_rate=0.1", "schedule.name=step", "schedule.epochs=[100]", "schedule.factor=0.1",
        ]
        let run = try SimulatedRun(BatteryCase.plan(overrides))
        #expect(try run.run().violations == [])
        let optimum = [Float](repeating: 2, count: 2)
        let off = Self.distance(run.evaluated, run.evaluated.map { _ in optimum.map { Double($0) } })
        // D-PSGD shows what there is to correct: its peers stay apart by the rate.
        #expect(name == "dpsgd" ? off > 0.01 : off <= 1e-4, "\(off)")
    }

    /// What a period's steps have come to is not lost where the rate falls to 0 before its end.
    @Test(arguments: ["local-sgd", "slowmo", "diloco"]) func noStepIsUndone(name: String) throws {
        let overrides = [
            "algorithm.name=\(name)", "algorithm.period=10", "model.name=quadratic", "steps=10",
            "model.targets=[[1], [2], [4], [9]]", "optimizer.name=sgd", "optimizer.learning_rate=0.1",
            "schedule.name=step", "schedule.epochs=[9]", "schedule.factor=0",
        ]
        let run = try SimulatedRun(BatteryCase.plan(overrides))
        _ = try run.run()
        for model in run.evaluated { #expect(model[0] > 1) }
    }

    /// A joiner makes its steps with the rate of those whose rounds it joins: here none.
    @Test func aJoinerHasTheOthersRate() throws {
        let overrides = [
            "algorithm.name=sgp", "topology.name=complete", "model.name=quadratic", "steps=60",
            "model.targets=[[1], [2], [4], [1000]]", "optimizer.name=sgd", "optimizer.learning_rate=0.1",
            "schedule.name=step", "schedule.epochs=[20]", "schedule.factor=0",
            "simulation.faults=[{join: 3, at: 300ms}]",
        ]
        let run = try SimulatedRun(BatteryCase.plan(overrides))
        let outcome = try run.run()
        #expect(outcome.violations == [] && outcome.statistics.joins == 1)
        // Nor had the others come to an end, or left before it joined.
        #expect((1..<60).contains(outcome.stepsMin) && outcome.stepsMax == 60)
        for model in run.evaluated { #expect(model[0] < 4) }
    }

    /// The furthest any number of one is from the other's.
    private static func distance(_ models: [[Float]], _ wanted: [[Double]]) -> Double {
        zip(models.joined(), wanted.joined()).map { abs(Double($0) - $1) }.reduce(0, max)
    }
}
