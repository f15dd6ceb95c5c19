package import Records
package import Runtime
package import Vectors

/// What the peers of a run learn: where they start, what gives them gradients, and how a model is tested.
package protocol Workload: Sendable {
    /// The tensors of one model.
    var layout: VectorLayout { get }
    /// Samples that all peers together go through in an epoch.
    var samplesPerEpoch: Int { get }
    /// Samples in a step of one peer.
    var batch: Int { get }
    /// Whether testing counts right answers, and does not only measure a loss.
    var hasAccuracy: Bool { get }
    /// Why numbers are none that ought to be some: a picture that cannot be decoded; nil while all is well.
    var failure: (any Error)? { get }
    /// How the model is divided among the peers; nil where each has the whole of it.
    var division: DividedModel? { get }
    /// What peers would learn who have the whole model; the workload itself where they do.
    var undivided: any Workload { get }
    /// Numbers in the longest message that a peer may send.
    var largestMessage: Int { get }
    /// Whether each peer's evaluated vector is small enough, and of interest, to stand in the summary.
    var showsModels: Bool { get }

    /// What tells the samples from others, by which ranks see that they deal the same ones.
    var fingerprint: String { get }

    /// Who holds what of a network that is divided among peers; empty where each has the whole of it.
    var stageRecords: [StageRecord] { get }

    /// Samples of a peer.
    func samples(of peer: Int) -> Int

    /// Steps in which a peer goes through its own samples once.
    func stepsPerEpoch(of peer: Int) -> Int

    /// The model that a peer starts from.
    func initialModel(of peer: Int) -> FlatVector

    /// What computes a peer's gradients, with what it shares with other learners of its thread.
    func learner(of peer: Int, sharing parts: PlanCache) throws -> sending any Learner & ~Copyable

    /// What tests models on samples that nobody learns from.
    func test() throws -> any ModelTest

    /// The statistics that a model's batch-norms were tested with, in the layout that the network gives them.
    func statistics(of model: Payload) throws -> [Float]

    /// What tests models on samples set apart for validation; nil where there are none.
    func validation() throws -> (any ModelTest)?

    /// What scores models while peers learn; nil where there is nothing to score them by.
    ///
    /// - Parameter byLoss: By the loss below nothing, also where there is an accuracy.
    func scorer(byLoss: Bool) throws -> (any Scorer)?
}

extension Workload {
    package var failure: (any Error)? { nil }
    package var stageRecords: [StageRecord] { [] }
    package var division: DividedModel? { nil }
    package var undivided: any Workload { self }
    package var largestMessage: Int { layout.count }

    package func scorer(byLoss: Bool) throws -> (any Scorer)? {
        try validation().map { TestScorer($0, byLoss: byLoss) }
    }

    /// The tensors of a peer's vectors.
    package func vectorLayout(of peer: Int) -> VectorLayout { division?.layout(of: peer) ?? layout }

    /// How many models so many peers have, together or each its own.
    package func modelCount(peers: Int) -> Int { division?.modelCount ?? peers }

    /// The models of which peers have handed in what they have: that of each, or what they have together.
    package func wholeModels(of parts: [(peer: Int, model: Payload)]) -> [WholeModel] {
        division?.wholeModels(of: parts)
            ?? parts.map { WholeModel(peer: $0.peer, members: [$0.peer], model: $0.model) }
    }
}
