import Configuration
import Datasets
import Gossip
import Models
import Randomness
import Runtime
import Testing
import Vectors

@testable import Experiments
@testable import Training
@testable import Workloads

/// Passes through the stages of a network, carried out by hand, against the gradient of one peer.
@Suite struct PassLearnerTests {
    private static let cnn = [
        "model.name=cnn", "data.name=synthetic", "data.samples=64", "data.size=28", "batch=16",
        "optimizer.weight_decay=0.1", "optimizer.decay_norms_and_biases=false",
    ]
    /// With this seed nothing before a ReLU is so near to 0 that rounding decides on which side it lies.
    private static let resnet = [
        "model.name=resnet20", "data.name=synthetic", "data.samples=24", "data.size=16", "data.channels=3", "batch=6",
        "optimizer.weight_decay=0.1", "seed=3",
    ]

    private func experiment(_ settings: [String], peers: Int) throws -> Experiment {
        try LoadedExperiment(file: nil, overrides: settings + ["peers=\(peers)"], registries: .all).experiment
    }

    private func workload(_ settings: [String], _ division: Division, peers: Int) throws -> DividedNetworkWorkload {
        try DividedNetworkWorkload(
            experiment(settings, peers: peers), division, places: DataPlaces(collection: nil, home: nil), tests: false)
    }

    private func relative(_ found: [Float], _ wanted: [Float], _ layout: VectorLayout) -> Double {
        func norm(_ values: some Sequence<Float>) -> Double { values.reduce(0) { $0 + Double($1 * $1) }.squareRoot() }
        guard found.count == wanted.count else { return .infinity }
        let floor = 1e-3 * (layout.entries.map { norm(wanted[$0.range]) }.max() ?? 0)
        return layout.entries.map { entry in
            norm(zip(found[entry.range], wanted[entry.range]).map { $0 - $1 }) / max(norm(wanted[entry.range]), floor)
        }.max() ?? 0
    }

    /// The second batch, so that numbers count.
    private func agree(
        _ settings: [String], _ division: Division, peers: Int, deputies: [Int]? = nil, restores: Bool = false
    ) throws {
        let workload = try workload(settings, division, peers: peers)
        var one = try workload.undivided.learner(of: 0, sharing: PlanCache())
        let model = Payload(workload.undivided.initialModel(of: 0).array())
        one.load(model, scale: 1)
        _ = one.gradient(into: FlatVector(count: model.count))
        one.load(model, scale: 1)
        let wanted = one.gradient(into: FlatVector(count: model.count))
        let crew = try PassCrew(workload, division, peers: peers, deputies: deputies)
        var order = RandomStream(seed: 5, purpose: .test)
        let k = UInt64(division.microbatches)
        crew.begin(Array(k..<(2 * k)))
        crew.run(&order)
        #expect(abs(crew.report.loss - wanted.report.loss) <= 1e-5 * wanted.report.loss)
        #expect(abs(crew.lossSum / Double(crew.report.samples) - Double(wanted.report.loss)) <= 1e-5)
        #expect(crew.report.correct == wanted.report.correct && crew.report.samples == wanted.report.samples)
        #expect(abs(crew.cost - 1) < 1e-9)
        #expect(relative(crew.gradient, wanted.takeGradient().array(), workload.layout) <= 1e-5)
    }

    @Test(arguments: [Division.Split.rows, .neurons]) func microbatchesOfCnnAddUpToTheGradient(
        _ split: Division.Split
    ) throws {
        let division = Division(stages: nil, peersPerStage: 2, split: split, microbatches: 4)
        try agree(Self.cnn, division, peers: 6)
    }

    @Test(arguments: [Division.Split.rows, .neurons]) func wholeBatchesOfResnetAddUpToTheGradient(
        _ split: Division.Split
    ) throws {
        let division = Division(stages: nil, peersPerStage: 2, split: split, microbatches: 1)
        try agree(Self.resnet, division, peers: 6)
    }

    @Test func aPeerStandsInForAnother() throws {
        let division = Division(stages: nil, peersPerStage: 3, split: .rows, microbatches: 2)
        try agree(Self.cnn, division, peers: 6, deputies: [0, 0, 2])
    }

    /// Wherever passes are, what is restored comes to the same bits.
    @Test(arguments: [Division.Split.rows, .neurons]) func passesUnderWayGoOnFromTheirState(
        _ split: Division.Split
    ) throws {
        let division = Division(stages: nil, peersPerStage: 2, split: split, microbatches: 2)
        let workload = try workload(Self.resnet + ["model.norm=batch"], division, peers: 4)
        func gradient(restoringEvery requests: Int) throws -> [Float] {
            let crew = try PassCrew(workload, division, peers: 4)
            var order = RandomStream(seed: 7, purpose: .test)
            crew.begin([3, 4, 7])
            for _ in 0..<8 {
                crew.run(&order, requests: requests)
                if requests < .max { try crew.restore() }
            }
            crew.run(&order)
            return crew.gradient
        }
        #expect(try gradient(restoringEvery: 9) == gradient(restoringEvery: .max))
    }

    @Test func aStateOfNoPassIsRefused() throws {
        let division = Division(stages: nil, peersPerStage: 2, split: .rows, microbatches: 2)
        let workload = try workload(Self.cnn, division, peers: 4)
        var learner = try workload.learner(of: 0, sharing: PlanCache())
        let model = Payload(workload.initialModel(of: 0).array())
        let pool = PayloadPool()
        _ = learner.advance(PassRequest(beginning: Pass(microbatch: 2, slot: 1), at: model), pool)
        let state = learner.state
        #expect(state.words["passes"] == [2, 1, 0, 0] && state.vectors["model.0"] == model.array())
        for (words, parts) in [
            ([2, 2, 0, 0], 0), ([2, 1, 1, 0], 0), ([2, 1, 0, 1], 0), ([2, 1, 0, 0], 3), ([2, 1, 0], 0),
            ([2, 1, 0, 0, 2, 1, 0, 0], 0), ([1 << 60, 1, 0, 0], 0),
        ] as [([UInt64], Int)] {
            var changed = state
            changed.words["passes"] = words
            changed.vectors["parts.0"] = [Float](repeating: 0, count: parts)
            #expect(throws: StateError.self, "\(words)") { try learner.restore(changed) }
        }
        try learner.restore(state)
        learner.drop(Pass(microbatch: 2, slot: 1))
        learner.drop(Pass(microbatch: 2, slot: 1))
        #expect(learner.state.words["passes"] == [])
    }

    /// A plan is used again when its pass has ended or is dropped, and holds no model any more.
    @Test func whatIsDroppedHoldsNothing() throws {
        let division = Division(stages: nil, peersPerStage: 2, split: .rows, microbatches: 2)
        let workload = try workload(Self.cnn, division, peers: 4)
        var learner = try workload.learner(of: 0, sharing: PlanCache())
        var model: Payload? = Payload(workload.initialModel(of: 0).array())
        weak let held = model
        let pass = Pass(microbatch: 0, slot: 0)
        let pool = PayloadPool()
        for _ in 0..<2 {
            _ = learner.advance(PassRequest(beginning: pass, at: try #require(model)), pool)
        }
        model = nil
        #expect(held != nil)
        learner.drop(pass)
        #expect(held == nil)
    }

    @Test func everyPeerSharesOneShareOfTheData() throws {
        let division = Division(stages: nil, peersPerStage: 2, split: .rows, microbatches: 2)
        let workload = try workload(Self.cnn + ["batch=24", "data.last_batch=drop"], division, peers: 4)
        for peer in 0..<4 { #expect(workload.samples(of: peer) == 64 && workload.stepsPerEpoch(of: peer) == 2) }
        #expect(workload.samplesPerEpoch == 64)
        let counts = (0..<4).map { workload.vectorLayout(of: $0).count }
        #expect(counts[0] == counts[1] && counts[2] == counts[3] && counts[0] + counts[2] == workload.layout.count)
        let start = workload.undivided.initialModel(of: 0).array()
        #expect(workload.initialModel(of: 1).array() + workload.initialModel(of: 3).array() == start)
    }
}
