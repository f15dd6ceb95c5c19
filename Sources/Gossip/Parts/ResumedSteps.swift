import Synchronization

/// How many gradient steps each peer of a resumed run is to make, those before the checkpoint included, for the decoder
/// of its state: whoever reads it says whose part comes next.
public final class ResumedSteps: Sendable {
    private let learners: [UInt64]
    private let current = Atomic(0)

    public init(_ learners: [UInt64]) { self.learners = learners }

    /// What is read from now on belongs to that peer.
    public func read(_ peer: Int) { current.store(peer, ordering: .relaxed) }

    /// Nil for whom the run does not say it.
    func steps(of learner: Int) -> UInt64? { learners.indices.contains(learner) ? learners[learner] : nil }

    /// Those of the peer whose part is read; a server, which makes none, goes by the longest.
    var ofCurrent: UInt64? { steps(of: current.load(ordering: .relaxed)) ?? learners.max() }
}

extension CodingUserInfoKey {
    /// The `ResumedSteps` of the run whose state is read.
    public static let steps: CodingUserInfoKey = {
        guard let key = CodingUserInfoKey(rawValue: "steps") else { preconditionFailure("'steps' is no key") }
        return key
    }()
}
