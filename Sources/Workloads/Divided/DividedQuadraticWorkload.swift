package import Configuration
package import Experiments
package import Gossip
import Models
import Optimizers
package import Records
package import Runtime
package import Vectors

/// The quadratic as if it were a network, its coordinates the layers, divided among all peers of a run: to check
/// algorithms that divide a model where the answer is known.
///
/// A microbatch has a sample for each slot of a stage, the targets of the first peers, whatever its number: together
/// the peers minimise the mean of these peers' objectives.
package struct DividedQuadraticWorkload: Workload {
    private let whole: QuadraticWorkload
    private let experiment: Experiment
    private let parts: Division
    private let shaping: GradientShaping
    private let model: DividedModel

    /// Throws for divisions that are none of so many coordinates, by the coordinate's number.
    package init(_ experiment: Experiment, _ parts: Division) throws(ConfigurationError) {
        shaping = try parts.check(experiment)
        whole = try QuadraticWorkload(experiment, peers: parts.peersPerStage)
        let count = whole.quadratic.count
        let stages = try inSection("algorithm") { () throws(ConfigurationError) in
            try Self.stages(parts, count: count, peers: experiment.peers)
        }
        model = DividedModel(
            whole.layout, stages: stages, slots: parts.peersPerStage,
            shared: parts.split == .rows
                ? nil : stages.map { stage in (0..<parts.peersPerStage).map { parts.coordinates(of: $0, in: stage) } },
            start: whole.initialModel(of: 0))
        self.experiment = experiment
        self.parts = parts
    }

    private static func stages(_ parts: Division, count: Int, peers: Int) throws(ConfigurationError) -> [Range<Int>] {
        let titles = (0..<count).map { "coordinate \($0)" }
        let stages: [Range<Int>]
        if let lists = parts.stages {
            stages = try StageCut(lists, of: titles, in: "the quadratic").stages
        } else {
            let wanted = parts.stageCount(peers: peers)
            guard wanted <= count else {
                throw ConfigurationError(
                    key: "stages",
                    "\(wanted) stages are more than the \(count) coordinates of the quadratic, the last of them "
                        + "\(titles[count - 1]); take at most \(count)")
            }
            stages = Split.parts(of: count, slots: wanted)
        }
        if parts.split == .neurons, let small = stages.first(where: { $0.count < parts.peersPerStage }) {
            throw ConfigurationError(
                key: "peers_per_stage",
                "the stage that begins with \(titles[small.lowerBound]) has \(small.count) coordinates, which "
                    + "\(parts.peersPerStage) peers of a stage cannot share; take at most \(small.count), or split by "
                    + "rows")
        }
        return stages
    }

    package var division: DividedModel? { model }
    package var undivided: any Workload { whole }
    package var layout: VectorLayout { whole.layout }
    package var samplesPerEpoch: Int { batch }
    package var batch: Int { parts.peersPerStage * parts.microbatches }
    package var hasAccuracy: Bool { false }
    package var showsModels: Bool { true }
    package var fingerprint: String { whole.fingerprint }
    package var stageRecords: [StageRecord] { model.records(layers: model.stages, parts.split) }

    package func samples(of peer: Int) -> Int { batch }

    package func stepsPerEpoch(of peer: Int) -> Int { 1 }

    package func initialModel(of peer: Int) -> FlatVector { model.initialModel(of: peer) }

    package func learner(of peer: Int, sharing parts: PlanCache) -> sending any Learner & ~Copyable {
        PassLearner(
            QuadraticPasses(
                whole.quadratic, stages: model.stages, stage: model.stage(of: peer), self.parts,
                seed: UInt64(experiment.seed), shaping: shaping))
    }

    package func test() -> any ModelTest { whole.test() }

    package func statistics(of model: Payload) -> [Float] { [] }

    package func validation() -> (any ModelTest)? { nil }

    package func scorer(byLoss: Bool) -> (any Scorer)? { whole.scorer(byLoss: byLoss) }
}

extension Division {
    /// The coordinates of a stage that a slot works at: where neurons are shared some, else all.
    func coordinates(of slot: Int, in stage: Range<Int>) -> [Range<Int>] {
        guard split == .neurons else { return [stage] }
        let own = Models.Split.parts(of: stage.count, slots: peersPerStage)[slot]
        return [(stage.lowerBound + own.lowerBound)..<(stage.lowerBound + own.upperBound)]
    }
}
