/// How the learning rate changes over a run: a pure function of the step, so that resuming needs no state.
public protocol Schedule: Sendable {
    /// What the optimizer's learning rate is multiplied by.
    ///
    /// - Parameters:
    ///   - step: steps this peer has taken: 0 for the first.
    ///   - stepsPerEpoch: steps of a peer in one pass of all peers over the training set; above 0, need not be whole.
    ///   - steps: steps of the whole run.
    func factor(at step: Int, stepsPerEpoch: Double, of steps: Int) -> Double
}
