internal import Randomness

/// What one run of a plan hands from instruction to instruction beside the buffers.
struct RunState {
    var dropout: RandomStream
    /// The sum of the samples' losses.
    var lossSum = 0.0
    /// How many samples have their largest logit at their label.
    var correct = 0
}
