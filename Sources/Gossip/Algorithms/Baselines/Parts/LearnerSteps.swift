import Graphs

/// The steps that each learner is to make, as a server keeps them. Read from a saved run, they are those that the run
/// is to have now.
struct LearnerSteps: Sendable, Codable {
    private let steps: [UInt64]

    init(_ setup: Setup) { steps = (0..<setup.peers).map { setup.steps(of: PeerID($0)) } }

    init(from decoder: any Decoder) throws {
        let saved = try decoder.singleValueContainer().decode([UInt64].self)
        let resumed = decoder.userInfo[.steps] as? ResumedSteps
        steps = saved.indices.map { resumed?.steps(of: $0) ?? saved[$0] }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(steps)
    }

    subscript(learner: PeerID) -> UInt64 { steps[learner.rawValue] }
}
