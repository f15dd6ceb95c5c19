/// Up to which step each learner's contributions are in a server's vector: see `Algorithm.lastStep(of:)`.
struct ServedSteps: Sendable, Codable {
    private var steps: [PeerID: UInt64] = [:]
    private var absentees = Absentees()

    mutating func served(_ learner: PeerID, through step: UInt64) { steps[learner] = step }
    mutating func left(_ learner: PeerID) { absentees.left(learner) }
    mutating func joined(_ learner: PeerID) { absentees.joined(learner) }

    /// From those who are gone nothing is to come.
    func lastStep(of learner: PeerID) -> UInt64 {
        absentees.contains(learner) ? .max : steps[learner, default: 0]
    }
}
