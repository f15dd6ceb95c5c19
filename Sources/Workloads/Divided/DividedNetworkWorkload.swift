import Configuration
package import Datasets
package import Experiments
package import Gossip
import Models
import Optimizers
package import Records
package import Runtime
package import Vectors

/// A network that is divided among all peers of a run: they learn together, from the same batches of one share, which
/// is what a single peer would have.
package struct DividedNetworkWorkload: Workload {
    /// What a single peer with the whole network would learn.
    private let whole: NetworkWorkload
    private let settings: PassSettings
    private let parts: Division
    private let stages: [Range<Int>]
    package let division: DividedModel?
    private let model: DividedModel

    /// Reads the data as `NetworkWorkload` does. Throws besides for divisions that are none of this network and batch,
    /// by the layer's name.
    package init(
        _ experiment: Experiment, _ parts: Division, places: DataPlaces, holding peers: Range<Int>? = nil,
        tests: Bool = true
    ) throws {
        let shaping = try parts.check(experiment)
        var single = experiment
        single.peers = 1
        single.simulation.faults = []
        // Whoever is not of the first stage needs labels alone, which everybody has.
        let held = peers.map { $0.lowerBound < parts.peersPerStage && !$0.isEmpty ? 0..<1 : 0..<0 }
        whole = try NetworkWorkload(single, places: places, holding: held, tests: tests)
        let (network, sizes) = (whole.network, try whole.sampler(of: 0).batchSizes)
        let cut = try inSection("algorithm") { () throws(ConfigurationError) in
            for size in sizes { try parts.check(network, batch: size) }
            guard let lists = parts.stages else {
                let slots = parts.split == .rows ? parts.peersPerStage : 1
                return try StageCut(
                    balanced: network, stages: parts.stageCount(peers: experiment.peers),
                    rows: max(1, experiment.batch / parts.microbatches / slots))
            }
            return try StageCut(lists, of: network)
        }
        let model = DividedModel(
            network.layout, stages: cut.stages.map { StagePiece(layers: $0).vectorRange(of: network) },
            slots: parts.peersPerStage,
            shared: parts.split == .rows
                ? nil
                : cut.stages.map { stage in
                    (0..<parts.peersPerStage).map { slot in
                        StagePiece(layers: stage, share: parts.share(of: slot)).parameterRanges(of: network)
                    }
                }, start: whole.initialModel(of: 0))
        (self.parts, stages, self.model, division) = (parts, cut.stages, model, model)
        settings = PassSettings(
            seed: UInt64(experiment.seed), threads: experiment.threadsPerPeer, precision: experiment.precision,
            shaping: shaping)
    }

    package var undivided: any Workload { whole }
    package var layout: VectorLayout { whole.layout }
    package var samplesPerEpoch: Int { whole.samplesPerEpoch }
    package var batch: Int { whole.batch }
    package var hasAccuracy: Bool { whole.hasAccuracy }
    package var failure: (any Error)? { whole.failure }
    package var showsModels: Bool { whole.showsModels }
    package var fingerprint: String { whole.fingerprint }
    package var stageRecords: [StageRecord] { model.records(layers: stages, parts.split) }

    package func samples(of peer: Int) -> Int { whole.samples(of: 0) }

    package func stepsPerEpoch(of peer: Int) -> Int { whole.stepsPerEpoch(of: 0) }

    package func initialModel(of peer: Int) -> FlatVector { model.initialModel(of: peer) }

    /// The activations of a microbatch may be more than the parameters.
    package var largestMessage: Int {
        let rows = whole.batch / parts.microbatches
        let values = whole.network.layers.flatMap(\.all).flatMap { [$0.inputShape, $0.outputShape] }
        return max(layout.count, rows * (values.map { $0.reduce(1, *) }.max() ?? 0))
    }

    package func learner(of peer: Int, sharing cache: PlanCache) throws -> sending any Learner & ~Copyable {
        try PassLearner(
            NetworkPasses(
                whole.network, stage: stages[model.stage(of: peer)], slot: model.slot(of: peer), parts,
                sampler: whole.sampler(of: 0), settings: settings, sharing: cache))
    }

    package func test() throws -> any ModelTest { try whole.test() }

    package func statistics(of model: Payload) throws -> [Float] { try whole.statistics(of: model) }

    package func validation() throws -> (any ModelTest)? { try whole.validation() }
}
