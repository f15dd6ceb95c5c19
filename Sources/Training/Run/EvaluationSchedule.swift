/// After which of its steps each peer hands in its model for testing. The end of the run is not among them: it is
/// tested when all messages have been merged.
package struct EvaluationSchedule: Sendable {
    private let interval: Double
    private let steps: UInt64

    /// Testing every `epochs` epochs, of `stepsPerEpoch` steps a peer, in a run of `steps`.
    package init(everyEpochs epochs: Double, stepsPerEpoch: Double, steps: UInt64) {
        interval = epochs * stepsPerEpoch
        self.steps = steps
    }

    /// Whether testing is due after this step: the first one that completes another interval.
    package func isDue(_ step: UInt64) -> Bool {
        guard step < steps, step > 0 else { return false }
        return (Double(step) / interval).rounded(.down) > (Double(step - 1) / interval).rounded(.down)
    }
}
