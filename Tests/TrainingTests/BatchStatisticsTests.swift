import Datasets
import Foundation
import Models
import Randomness
import Records
import Runs
import Runtime
import Safetensors
import Testing
import Vectors

@testable import Experiments
@testable import Training
@testable import Workloads

@Suite struct BatchStatisticsTests {
    private func plan(_ overrides: String...) throws -> TrainingPlan {
        let small = [
            "data.name=synthetic", "data.size=8", "data.samples=500", "model.name=resnet20", "model.width=4",
            "model.depth=1", "epochs=2", "batch=20", "peers=2",
        ]
        let loaded = try LoadedExperiment(file: nil, overrides: small + overrides, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
    }

    private func dataset(_ plan: TrainingPlan) throws -> NetworkWorkload {
        try #require(plan.workload as? NetworkWorkload)
    }

    @Test func theNumberOfThreadsChangesNoBit() throws {
        let workload = try dataset(plan())
        let model = Payload(workload.initialModel(of: 0).array())
        let found = try [1, 2, 3].map { threads in
            try BatchStatistics(
                workload.network, samples: workload.dataset.train, normalization: workload.dataset.normalization,
                seed: 1, threads: threads
            ).measure(model)
        }
        #expect(found[0] == found[1] && found[0] == found[2])
        #expect(found[0] != workload.network.initialStatistics())
        // What the first convolution gives: its variances cannot be negative, its mean is near that of its inputs, 0.
        let variances = try #require(workload.network.statistics["bn1.running_var"])
        #expect(found[0][variances.range].allSatisfy { $0 > 0 })
    }

    /// ResNet-20 trained on cropped images of CIFAR-10 and tested by the statistics of whole ones lost 3 points.
    @Test func theyAreThoseOfImagesAsTrainingSeesThem() throws {
        let workload = try dataset(
            plan(
                "model={name: layers, layers: [batch_norm, flatten, {dense: 10}]}", "data.augment=crop", "peers=1",
                "data.samples=2000"))
        var (sum, count) = (0.0, 0)
        var sampler = try workload.sampler(of: 0)
        var images = [Float](repeating: 0, count: 20 * 64)
        var labels = [Int32](repeating: 0, count: 20)
        for _ in 0..<400 {
            var imageSpan = images.mutableSpan
            var labelSpan = labels.mutableSpan
            sampler.fill(images: &imageSpan, labels: &labelSpan)
            sum += images.reduce(0.0) { $0 + Double($1) }
            count += images.count
        }
        let seen = sum / Double(count)
        let model = Payload(workload.initialModel(of: 0).array())
        let whole = try BatchStatistics(
            workload.network, samples: workload.dataset.train, normalization: workload.dataset.normalization, seed: 1,
            threads: 1
        ).measure(model)
        #expect(abs(Double(whole[0]) - seen) > 0.1)
        #expect(try abs(Double(workload.statistics(of: model)[0]) - seen) < 0.02)
    }

    @Test func aSavedModelHoldsItsStatisticsAndDoesAsWellAsInTheRun() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let plan = try plan()
        let outcome = try TrainingRun(plan, metrics: nil).run()
        try ModelFile.write(outcome.model, of: plan, to: path)
        let test = try SavedModelTest(path: path, data: nil, places: DataPlaces(collection: nil, home: nil))
        #expect(test.accuracy == outcome.summary.testAccuracy.consensus)
        #expect(test.loss == outcome.summary.testLoss)
        let file = try SafetensorsFile(readingFrom: path)
        let network = try dataset(plan).network
        #expect(file["bn1.num_batches_tracked"]?.shape == [])
        #expect(file["layer2.0.downsample.1.num_batches_tracked"]?.integers == [20])
        let norms = network.statistics.entries.count / 2
        #expect(file.tensors.count == network.layout.entries.count + 3 * norms)
        #expect(file["layer1.0.bn2.running_mean"]?.shape == [4])
    }

    @Test func groupNormsNeedNoStatistics() throws {
        let plan = try plan("model.norm=group", "model.groups=2", "model.zero_gamma=true")
        #expect(try dataset(plan).network.statistics.count == 0)
        let outcome = try TrainingRun(plan, metrics: nil).run()
        #expect(try #require(outcome.summary.testLoss) < 10)
    }

    @Test func aLearnerKeepsPyTorchsRunningAverage() throws {
        let network = try Network(
            name: "n", inputShape: [1, 1, 1], classes: 1,
            layers: [.batchNorm(name: "bn"), .flatten, .dense(name: "end", outputs: 1)])
        var statistics = RunningStatistics(network.initialStatistics())
        for (mean, variance) in [(2, 3), (4, 1)] as [(Float, Float)] { statistics.take([mean, variance].span) }
        #expect(abs(statistics.values[0] - (0.9 * 0.2 + 0.4)) < 1e-6)
        #expect(abs(statistics.values[1] - (0.9 * (0.9 + 0.3) + 0.1)) < 1e-6)
        #expect(statistics.batches == 2)
    }

    @Test func weightDecayLeavesNormsAndBiasesWhereAskedTo() throws {
        func gradient(_ overrides: String...) throws -> (numbers: [Float], workload: NetworkWorkload) {
            let loaded = try LoadedExperiment(
                file: nil,
                overrides: ["data.name=synthetic", "data.size=8", "model.name=resnet20", "model.width=4"] + overrides,
                registries: .all)
            let plan = try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
            let workload = try dataset(plan)
            var learner = try workload.learner(of: 0, sharing: PlanCache())
            learner.load(Payload(workload.initialModel(of: 0).array()), scale: 1)
            let result = learner.gradient(into: FlatVector(count: workload.layout.count))
            return (result.takeGradient().array(), workload)
        }
        let without = try gradient("optimizer.weight_decay=0").numbers
        let all = try gradient("optimizer.weight_decay=0.5").numbers
        let (some, workload) = try gradient("optimizer.weight_decay=0.5", "optimizer.decay_norms_and_biases=false")
        let parameters = workload.initialModel(of: 0).array()
        for entry in workload.layout.entries {
            for index in entry.range {
                #expect(all[index] == without[index] + 0.5 * parameters[index])
                #expect(some[index] == (entry.shape.count > 1 ? all : without)[index])
            }
        }
    }
}
