package import Gossip
package import Graphs

/// When a peer hands in its vector for tests: a learner between the steps that the schedule names, a server once its
/// vector is that after the round which a test's step lies in. The same on all hosts, so that they test the same
/// models.
package struct TestTurns: Sendable {
    private let schedule: EvaluationSchedule
    private let me: PeerID
    /// The next test of a server; nil for learners, and behind the last.
    private var next: UInt64?

    /// For a peer whose algorithm is as it was when the run began or was saved.
    package init(_ schedule: EvaluationSchedule, of peer: PeerID, isServer: Bool, _ algorithm: any Algorithm) {
        self.schedule = schedule
        me = peer
        guard isServer else { return }
        next = schedule.next(after: 0)
        _ = takeServersTurns(algorithm)
    }

    /// The tests, by their steps, for which the vector is to be handed in as it is after an event.
    ///
    /// - Parameter step: The learner's step that was over by the event, if one was.
    package mutating func take(_ step: UInt64?, _ algorithm: any Algorithm) -> [UInt64] {
        next == nil ? step.map { schedule.due(after: $0, of: me) } ?? [] : takeServersTurns(algorithm)
    }

    private mutating func takeServersTurns(_ algorithm: any Algorithm) -> [UInt64] {
        var turns: [UInt64] = []
        while let step = next, schedule.isAccounted(for: step, by: algorithm) {
            turns.append(step)
            next = schedule.next(after: step)
        }
        return turns
    }
}
