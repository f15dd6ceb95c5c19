import Configuration
import Datasets
import Runs
import Testing

@testable import Experiments
@testable import Records
@testable import Training

/// The quadratic through whole runs on threads.
@Suite struct QuadraticTests {
    private func load(_ overrides: [String]) throws -> LoadedExperiment {
        let base = ["model.name=quadratic", "optimizer.name=sgd", "optimizer.learning_rate=0.1"]
        return try LoadedExperiment(file: nil, overrides: base + overrides, registries: .all)
    }

    private func run(_ overrides: String...) throws -> Summary {
        let plan = try TrainingPlan(load(overrides), places: DataPlaces(collection: nil, home: nil))
        return try TrainingRun(plan, metrics: nil).run().summary
    }

    @Test(arguments: [(1, 0.4), (2, 0.76), (3, 1.084)])
    func oneDescentIsAsByHand(steps: Int, x: Double) throws {
        let summary = try run("algorithm.name=centralized", "model.targets=[[4]]", "steps=\(steps)")
        let model = try #require(summary.models?.first?.first)
        #expect(abs(model - x) < 1e-6)
        #expect(try abs(#require(summary.loss) - (4 - x) * (4 - x) / 2) < 1e-5)
        #expect(summary.testLoss == summary.loss)
        #expect(summary.testAccuracy == Summary.Spread())
        #expect(summary.peers == 1)
        #expect(summary.samplesSeen == steps)
    }

    @Test func momentumIsAsByHand() throws {
        // v = -4, x = 0.4; v = -3.6 - 3.6 = -7.2, x = 1.12; v = -6.48 - 2.88 = -9.36, x = 2.056.
        let summary = try run(
            "algorithm.name=centralized", "model.targets=[[4]]", "steps=3", "optimizer.name=momentum",
            "optimizer.momentum=0.9")
        #expect(try abs(#require(summary.models)[0][0] - 2.056) < 1e-6)
    }

    @Test func decayAndCurvatureAreInTheGradient() throws {
        // g = 2 (x - 4) + 0.5 x: -8 at 0, then 2 (0.8 - 4) + 0.4 = -6 at 0.8.
        let summary = try run(
            "algorithm.name=centralized", "model.targets=[[4]]", "model.curvature=2", "optimizer.weight_decay=0.5",
            "steps=2")
        #expect(try abs(#require(summary.models)[0][0] - 1.4) < 1e-6)
        // The loss is the objective's, without decay.
        #expect(try abs(#require(summary.loss) - 2.6 * 2.6) < 1e-5)
    }

    @Test func aLongGradientIsClippedAndTheRateDiminishes() throws {
        // g = -4 and -3.9, clipped to -1: x = 0.1, then 0.1 + 0.1 / 2.
        let summary = try run(
            "algorithm.name=centralized", "model.targets=[[4]]", "optimizer.clip_norm=1", "schedule.name=inverse",
            "steps=2")
        #expect(try abs(#require(summary.models)[0][0] - 0.15) < 1e-6)
    }

    @Test func peersGossipTowardsTheMeanOfTheirTargets() throws {
        let summary = try run(
            "model.targets=[[1, -1], [2, -2], [4, -4], [9, -9]]", "algorithm.probability=1", "steps=400",
            "optimizer.learning_rate=0.05")
        let models = try #require(summary.models)
        #expect(models.count == 4)
        #expect(summary.peers == 4)
        for model in models {
            #expect(model.count == 2)
            // Whatever the order of messages: a mean of the targets and the start, and far from the start by now.
            #expect(model[0] > 0.9 && model[0] < 9)
            #expect(abs(model[0] + model[1]) < 1e-4)
        }
        // No peer can do better than the mean of the targets: (9 + 4 + 0 + 25) / 8 for each number.
        #expect(try #require(summary.loss) > 2 * 4.75 - 1e-6)
        #expect(try abs(#require(summary.weightMass) - 1) <= 1e-12)
    }

    @Test func startsAreAsGiven() throws {
        func models(_ overrides: String...) throws -> [[Double]]? {
            let still = ["model.targets=[[1, 1], [2, 2]]", "optimizer.learning_rate=0", "algorithm.probability=0"]
            let plan = try TrainingPlan(
                load(still + ["steps=1"] + overrides), places: DataPlaces(collection: nil, home: nil))
            return try TrainingRun(plan, metrics: nil).run().summary.models
        }
        #expect(try models() == [[0, 0], [0, 0]])
        #expect(try models("model.start=[3, 0.1]") == [[3, 0.1], [3, 0.1]])
        #expect(try models("model.start=[[3, 0.1]]") == [[3, 0.1], [3, 0.1]])
        #expect(try models("model.start=[[3, 0.1], [-1, 2]]") == [[3, 0.1], [-1, 2]])
        let own = try #require(try models("common_start=false"))
        #expect(own[0] != own[1] && own[0] != [0, 0])
        #expect(try models("common_start=false") == own)
        #expect(try models("common_start=false", "seed=2") != own)
    }

    /// Without curvature and with noise x is a random walk: after n steps its variance is n (rate x noise)^2.
    @Test func noiseHasItsDeviationAndItsSeed() throws {
        func walk(_ overrides: String...) throws -> [Double] {
            let row = Array(repeating: "0", count: 500).joined(separator: ", ")
            let walk = [
                "algorithm.name=centralized", "model.targets=[[\(row)]]", "model.curvature=0", "model.noise=2",
                "steps=25",
            ]
            let plan = try TrainingPlan(
                load(walk + overrides), places: DataPlaces(collection: nil, home: nil))
            return try #require(try TrainingRun(plan, metrics: nil).run().summary.models?.first)
        }
        let first = try walk()
        // 500 numbers of deviation 1: the mean square lies within 1 +- 5 sqrt(2 / 500).
        let mean: Double = first.reduce(0, +) / 500
        let meanSquare: Double = first.reduce(0) { $0 + $1 * $1 } / 500
        #expect(abs(meanSquare - 1) < 0.32)
        #expect(abs(mean) < 0.23)
        #expect(try walk() == first)
        #expect(try walk("seed=2") != first)
    }

    @Test func rowsSayHowManyPeersThereAre() throws {
        let rows = "model.targets=[[1], [2], [3]]"
        #expect(try load([rows]).experiment.peers == 3)
        #expect(try load([rows, "peers=3"]).experiment.peers == 3)
        let written = try load([rows, "steps=5000"]).experiment
        #expect(written.evaluate.everyEpochs == 5)
        let again = try LoadedExperiment(yaml: written.yaml, named: "x", registries: .all)
        #expect(again.experiment == written)
    }

    @Test(arguments: [
        (["peers=4"], "model.targets", "there are 2 targets and 4 peers"),
        (["model.targets=null"], "model.targets", "needs a target for each peer"),
        (["model.targets=[]"], "model.targets", "needs a target for each peer"),
        (["model.targets=[[]]"], "model.targets", "needs a target for each peer"),
        (["model.targets=[[1], [2, 3]]"], "model.targets", "row 1 has 2 numbers"),
        (["model.targets=[[1], [1e300]]"], "model.targets", "not finite"),
        (["model.targets=[1, 2]"], "model.targets", "list of lists"),
        (["model.start=[[1], [2], [3]]"], "model.start", "there are 3 rows and 2 peers"),
        (["model.start=[1, 2]"], "model.start", "row 0 has 2 numbers"),
        (["model.noise=-1"], "model.noise", "at least 0"),
        (["model.curvature=-1"], "model.curvature", "at least 0"),
        (["evaluate.target_accuracy=0.5"], "evaluate.target_accuracy", "no accuracy"),
    ])
    func whatCannotBeIsRefused(overrides: [String], key: String, message: String) {
        let error = #expect(throws: ExperimentError.self) {
            _ = try load(["model.targets=[[1], [2]]"] + overrides)
        }
        #expect(error?.key == key)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }
}
