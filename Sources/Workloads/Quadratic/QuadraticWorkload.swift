package import Configuration
package import Experiments
import Optimizers
import Randomness
package import Runtime
package import Vectors

/// The quadratic as what peers learn. An exact gradient is a pass over all that a peer knows, so a step is one sample
/// and one epoch.
package struct QuadraticWorkload: Workload {
    package let quadratic: Quadratic
    private let experiment: Experiment
    private let shaping: GradientShaping

    /// Throws for settings that do not go together.
    ///
    /// - Parameter peers: Whose objectives they minimise together; nil for all.
    package init(_ experiment: Experiment, peers: Int? = nil) throws(ConfigurationError) {
        let quadratic = try experiment.quadratic()
        self.quadratic = peers.map(quadratic.limited) ?? quadratic
        shaping = try inSection("optimizer") { () throws(ConfigurationError) in
            try Optimizers.shaping(experiment.optimizer.name, experiment.optimizer.options)
        }
        self.experiment = experiment
    }

    package var layout: VectorLayout { VectorLayout([("x", [quadratic.count])]) }
    package var samplesPerEpoch: Int { experiment.peers }
    package var batch: Int { 1 }
    package var hasAccuracy: Bool { false }
    package var showsModels: Bool { true }
    package var fingerprint: String { "none" }

    package func samples(of peer: Int) -> Int { 1 }

    package func stepsPerEpoch(of peer: Int) -> Int { 1 }

    /// Zero or the start that was given; without a common start a standard normal draw of each peer's own.
    package func initialModel(of peer: Int) -> FlatVector {
        if let starts = quadratic.starts { return FlatVector(starts[peer]) }
        guard !experiment.commonStart else { return FlatVector(count: quadratic.count) }
        var random = RandomStream(seed: experiment.drawSeed, purpose: .initialization, peer: peer)
        return FlatVector((0..<quadratic.count).map { _ in Float(random.normal()) })
    }

    package func learner(of peer: Int, sharing parts: PlanCache) -> sending any Learner & ~Copyable {
        QuadraticLearner(quadratic, peer: peer, seed: experiment.drawSeed, shaping: shaping, sharing: parts)
    }

    package func test() -> any ModelTest { WholeObjective(quadratic: quadratic) }

    package func statistics(of model: Payload) -> [Float] { [] }

    package func validation() -> (any ModelTest)? { nil }

    package func scorer(byLoss: Bool) -> (any Scorer)? { TestScorer(test(), byLoss: byLoss) }

    /// Measures the mean of all peers' objectives.
    private struct WholeObjective: ModelTest {
        let quadratic: Quadratic

        func score(_ model: Payload) -> Score {
            Score(accuracy: nil, loss: model.read { quadratic.objective(at: $0) })
        }
    }
}

extension WorkloadEntry {
    package static let quadratic = WorkloadEntry(.quadratic) { experiment, _, _, _ in
        guard let division = experiment.division else { return try QuadraticWorkload(experiment) }
        return try DividedQuadraticWorkload(experiment, division)
    }
}
