import Graphs

/// Up to which step each learner's contributions are in a server's vector: see `Algorithm.lastStep(of:)`.
struct ServedSteps: Sendable, Codable {
    private var steps: [PeerID: UInt64] = [:]
    private var absentPeers = AbsentPeers()

    mutating func served(_ learner: PeerID, through step: UInt64) { steps[learner] = step }
    mutating func left(_ learner: PeerID) { absentPeers.left(learner) }
    mutating func joined(_ learner: PeerID) { absentPeers.joined(learner) }

    /// From those who are gone nothing is to come.
    func lastStep(of learner: PeerID) -> UInt64 {
        absentPeers.contains(learner) ? .max : steps[learner, default: 0]
    }
}
