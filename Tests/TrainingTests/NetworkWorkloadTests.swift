import Datasets
import Runtime
import Testing
import Vectors

@testable import Experiments
@testable import Training
@testable import Workloads

/// Workloads that are prepared for some of the peers.
@Suite struct NetworkWorkloadTests {
    private func workload(
        _ overrides: [String], holding: Range<Int>? = nil, tests: Bool = true
    ) throws -> NetworkWorkload {
        let small = ["data.name=synthetic", "data.samples=90", "data.size=8", "data.classes=3", "batch=8", "peers=3"]
        let loaded = try LoadedExperiment(file: nil, overrides: small + overrides, registries: .all)
        return try NetworkWorkload(
            loaded.experiment, places: DataPlaces(collection: nil, home: nil), holding: holding, tests: tests)
    }

    private func gradient(_ workload: NetworkWorkload, peer: Int) throws -> [Float] {
        var learner = try workload.learner(of: peer, sharing: PlanCache())
        learner.load(Payload(workload.initialModel(of: peer).array()), scale: 1)
        return learner.gradient(into: FlatVector(count: workload.layout.count)).takeGradient().array()
    }

    @Test func peersLearnTheSameFromTheirSamplesAlone() throws {
        let whole = try workload(["model.name=mlp"])
        let part = try workload(["model.name=mlp"], holding: 1..<3, tests: false)
        #expect(part.dataset.train.pixels.count == 60 * 64 && part.dataset.test.pixels.isEmpty)
        for peer in 1..<3 { #expect(try gradient(part, peer: peer) == gradient(whole, peer: peer)) }
        for peer in 0..<3 {
            #expect(part.samples(of: peer) == whole.samples(of: peer))
            #expect(part.stepsPerEpoch(of: peer) == whole.stepsPerEpoch(of: peer))
        }
        #expect(part.samplesPerEpoch == whole.samplesPerEpoch)
    }

    /// Of three classes the first and the last change places for a peer whose labels are flipped, and for no other.
    @Test func labelsAreFlippedForOnePeer() throws {
        let flipping = "simulation.faults=[{byzantine: {peer: 1, kind: label-flip}}]"
        let (honest, flipped) = (try workload(["model.name=mlp"]), try workload(["model.name=mlp", flipping]))
        #expect(try gradient(flipped, peer: 0) == gradient(honest, peer: 0))
        #expect(try gradient(flipped, peer: 1) != gradient(honest, peer: 1))
        let labels = honest.dataset.train.labels
        #expect(honest.dataset.train.labelsFlipped(classes: 3).labels == labels.map { 2 - $0 })
        #expect(honest.fingerprint == flipped.fingerprint)
    }

    /// More training samples than the statistics of batch-norms are taken over, so that not all are read for these.
    @Test func modelsAreTestedTheSame() throws {
        let settings = ["data.samples=2400", "data.validation_samples=50", "model.name=resnet20", "model.width=4"]
        let whole = try workload(settings + ["model.depth=1"])
        let part = try workload(settings + ["model.depth=1"], holding: 2..<3)
        #expect(part.dataset.train.pixels.count < whole.dataset.train.pixels.count)
        let model = Payload(whole.initialModel(of: 0).array())
        #expect(try part.statistics(of: model) == whole.statistics(of: model))
        #expect(try part.test().score(model) == whole.test().score(model))
        #expect(try part.validation()?.score(model) == whole.validation()?.score(model))
    }

    /// Its peers test each other's models, so every process needs the samples for that.
    @Test func peersThatScoreModelsHoldTheSamplesForIt() throws {
        let settings = ["algorithm.name=best-peer", "data.validation_samples=20", "model.name=mlp"]
        let part = try workload(settings, holding: 0..<1, tests: false)
        #expect(part.dataset.validation.pixels.count == 20 * 64)
    }
}
