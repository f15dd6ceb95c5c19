import Configuration
import Optimizers
import Randomness
import Runtime
import Vectors

/// The quadratic as what peers learn. An exact gradient is a pass over all that a peer knows, so a step is one sample
/// and one epoch.
struct QuadraticWorkload: Workload {
    private let quadratic: Quadratic
    private let experiment: Experiment
    private let shaping: GradientShaping

    init(_ experiment: Experiment) throws(ConfigurationError) {
        quadratic = try inSection("model") { () throws(ConfigurationError) in
            try Quadratic(experiment.model.options, peers: experiment.peers)
        }
        guard experiment.evaluate.targetAccuracy == nil else {
            throw ConfigurationError(
                key: "evaluate.target_accuracy", "the quadratic has no accuracy; leave target_accuracy out")
        }
        shaping = try inSection("optimizer") { () throws(ConfigurationError) in
            try Optimizers.shaping(experiment.optimizer.options)
        }
        self.experiment = experiment
    }

    var layout: VectorLayout { VectorLayout([("x", [quadratic.count])]) }
    var samplesPerEpoch: Int { experiment.peers }
    var batch: Int { 1 }
    var hasAccuracy: Bool { false }
    var showsModels: Bool { true }
    var fingerprint: String { "none" }

    func samples(of peer: Int) -> Int { 1 }

    func stepsPerEpoch(of peer: Int) -> Int { 1 }

    /// Zero or the start that was given; without a common start a standard normal draw of each peer's own.
    func initialModel(of peer: Int) -> FlatVector {
        if let starts = quadratic.starts { return FlatVector(starts[peer]) }
        guard !experiment.commonStart else { return FlatVector(count: quadratic.count) }
        var random = RandomStream(seed: UInt64(experiment.seed), purpose: .initialization, peer: peer)
        return FlatVector((0..<quadratic.count).map { _ in Float(random.normal()) })
    }

    func learner(of peer: Int, sharing parts: SharedParts) -> sending any Learner & ~Copyable {
        QuadraticLearner(quadratic, peer: peer, seed: UInt64(experiment.seed), shaping: shaping, sharing: parts)
    }

    func test() -> any ModelTest { WholeObjective(quadratic: quadratic) }

    func statistics(of model: Payload) -> [Float] { [] }

    func validation() -> (any ModelTest)? { nil }

    func scorer() -> (any Scorer)? { TestScorer(test()) }

    /// Measures the mean of all peers' objectives.
    private struct WholeObjective: ModelTest {
        let quadratic: Quadratic

        func score(_ model: Payload) -> TrainingOutcome.Score {
            TrainingOutcome.Score(accuracy: nil, loss: model.read { quadratic.objective(at: $0) })
        }
    }
}

extension WorkloadEntry {
    static let quadratic = WorkloadEntry(
        models: [Quadratic.description], readsData: false,
        // Its rows say how many peers there are, and a run of many steps is tested a thousand times at most.
        adopt: { experiment, isSet in
            if let peers = Quadratic.peers(in: experiment.model.options), !isSet("peers") { experiment.peers = peers }
            guard !isSet("evaluate.every_epochs") else { return }
            let epochs = experiment.steps.map { Double($0) } ?? experiment.epochs
            experiment.evaluate.everyEpochs = max(1, (epochs / 1000).rounded(.up))
        },
        check: { experiment throws(ConfigurationError) in _ = try QuadraticWorkload(experiment) },
        make: { experiment, _, _, _ in try QuadraticWorkload(experiment) })
}
