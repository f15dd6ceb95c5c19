import Configuration
import Gossip
import Randomness
import Runtime
import Testing
import Vectors

@testable import Experiments
@testable import Training
@testable import Workloads

/// The quadratic as if its coordinates were layers.
@Suite struct DividedQuadraticWorkloadTests {
    private func workload(
        _ overrides: [String] = [], targets: [[Int]], stages: [[Int]]? = nil, slots: Int,
        split: Division.Split = .rows, microbatches: Int = 1
    ) throws -> DividedQuadraticWorkload {
        let settings = ["model.name=quadratic", "model.targets=\(targets)"]
        let loaded = try LoadedExperiment(file: nil, overrides: settings + overrides, registries: .all)
        return try DividedQuadraticWorkload(
            loaded.experiment,
            Division(stages: stages, peersPerStage: slots, split: split, microbatches: microbatches))
    }

    private static let targets = [[1, 2, 3, 4, 5], [3, 0, -1, 2, 7], [0, 0, 0, 0, 0], [9, 9, 9, 9, 9]]

    /// With two slots the mean target of the first two peers is (2, 1, 1, 3, 6).
    @Test(arguments: [Division.Split.rows, .neurons], [[[0, 1, 2], [3, 4]], nil] as [[[Int]]?])
    func theGradientIsTheDistanceToTheMeanTarget(_ split: Division.Split, _ stages: [[Int]]?) throws {
        let settings = ["model.start=[[1, 1, 1, 1, 1]]", "model.curvature=2", "optimizer.weight_decay=0.5"]
        let workload = try workload(
            settings, targets: Self.targets, stages: stages, slots: 2, split: split, microbatches: 3)
        #expect(workload.vectorLayout(of: 0).count == 3 && workload.vectorLayout(of: 3).count == 2)
        let division = Division(stages: stages, peersPerStage: 2, split: split, microbatches: 3)
        let crew = try PassCrew(workload, division, peers: 4)
        var order = RandomStream(seed: 2, purpose: .test)
        crew.begin([0, 1, 2])
        crew.run(&order, requests: 5)
        try crew.restore()
        crew.run(&order)
        let wanted = [2, 1, 1, 3, 6].map { 2 * (1 - Float($0)) + 0.5 }
        #expect(zip(crew.gradient, wanted).allSatisfy { abs($0 - $1) < 1e-5 }, "\(crew.gradient)")
        // |x - b|^2 is 0 + 1 + 4 + 9 + 16 = 30 for the first, and 4 + 1 + 4 + 1 + 36 = 46 for the second.
        #expect(abs(crew.report.loss - 38) < 1e-4)
        #expect(crew.report.samples == 6 && abs(crew.cost - 1) < 1e-9)
        let start = Payload(workload.undivided.initialModel(of: 0).array())
        #expect(abs(workload.test().score(start).loss - 38) < 1e-9)
    }

    /// Drawn for each sample and coordinate, so that how the work is split makes no difference.
    @Test func noiseIsThatOfTheMicrobatchAndItsSamples() throws {
        func gradient(_ microbatch: UInt64, _ split: Division.Split, slots: Int, peers: Int) throws -> [Float] {
            let targets = Array(Self.targets.prefix(peers))
            let workload = try workload(["model.noise=1"], targets: targets, slots: slots, split: split)
            let crew = try PassCrew(
                workload, Division(stages: nil, peersPerStage: slots, split: split, microbatches: 1), peers: peers)
            var order = RandomStream(seed: 2, purpose: .test)
            crew.begin([microbatch])
            crew.run(&order)
            return crew.gradient
        }
        let rows = try gradient(4, .rows, slots: 2, peers: 4)
        let neurons = try gradient(4, .neurons, slots: 2, peers: 4)
        let undivided = try gradient(4, .neurons, slots: 2, peers: 2)
        #expect(zip(rows, neurons).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(zip(undivided, neurons).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(try gradient(5, .rows, slots: 2, peers: 4) != rows)
    }

    @Test func moreStagesOrSlotsThanCoordinatesAreRefused() throws {
        let narrow = [[1, 2], [3, 4], [5, 6]]
        let error = #expect(throws: ConfigurationError.self) { _ = try workload(targets: narrow, slots: 1) }
        #expect(error?.key == "algorithm.stages" && error?.message.contains("coordinate 1") == true)
        let other = #expect(throws: ConfigurationError.self) {
            _ = try workload(targets: Self.targets, stages: [[0], [1, 2, 3, 4]], slots: 2, split: .neurons)
        }
        #expect(other?.key == "algorithm.peers_per_stage" && other?.message.contains("coordinate 0") == true)
        let list = #expect(throws: ConfigurationError.self) {
            _ = try workload(targets: Self.targets, stages: [[0, 1], [3, 4]], slots: 2)
        }
        #expect(list?.key == "algorithm.stages[1]" && list?.message.contains("coordinate 2 comes next") == true)
    }

    @Test func theModelsOfSlotsAreTestedByTheirMeanTarget() throws {
        let workload = try workload(targets: Self.targets, slots: 2)
        let models = workload.wholeModels(
            of: [([2, 1, 1] as [Float]), [2, 1, 1], [3, 6], [3, 6]].enumerated().map { ($0, Payload($1)) })
        #expect(models.map { $0.model.array() } == [[2, 1, 1, 3, 6], [2, 1, 1, 3, 6]])
        // Half of the mean of 1 + 1 + 4 + 1 + 1 and of the same again.
        #expect(workload.test().score(models[0].model).loss == 4)
    }
}
