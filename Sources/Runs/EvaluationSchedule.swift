package import Gossip
package import Graphs

/// After which of its steps each peer hands in its model for a test, or rests for the run to be saved. The end of the
/// run is not among them: it is tested when all messages have been merged.
///
/// A test is named after the step of the longest share that completes another interval.
package struct EvaluationSchedule: Sendable {
    private let interval: Double
    private let length: RunLength

    /// Testing every `epochs` epochs.
    package init(everyEpochs epochs: Double, in length: RunLength) {
        interval = epochs * Double(length.stepsPerEpoch)
        self.length = length
    }

    /// Whether a test is named after this step: the first one that completes another interval.
    package func isDue(_ step: UInt64) -> Bool {
        step > 0 && step < length.steps && intervals(by: step) > intervals(by: step - 1)
    }

    private func intervals(by step: UInt64) -> Double {
        (Double(step) / interval + RunLength.roundingError).rounded(.down)
    }

    /// The tests, by their steps, for which a learner hands in its model after a step of its own.
    package func due(after step: UInt64, of learner: PeerID) -> [UInt64] {
        guard step > 0 else { return [] }
        return length.steps(atStep: step, of: learner.rawValue).filter(isDue)
    }

    /// The step of the first test after that of `step`.
    package func next(after step: UInt64) -> UInt64? {
        let reached = (intervals(by: step) + 1) * interval - RunLength.roundingError
        guard reached < Double(length.steps) else { return nil }
        return (max(step + 1, UInt64(reached))..<max(step + 1, length.steps)).first(where: isDue)
    }

    /// Whether a server's vector holds what all learners have contributed up to the test of `step`.
    package func isAccounted(for step: UInt64, by server: any Algorithm) -> Bool {
        length.ofLearners.indices.allSatisfy { server.lastStep(of: PeerID($0)) >= length.step(of: $0, at: step) }
    }
}
