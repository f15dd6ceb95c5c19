package import Models
package import Optimizers

/// What all passes of a run have in common.
package struct PassSettings: Sendable {
    /// The run's seed.
    package let seed: UInt64
    /// Cores that one pass uses.
    package let threads: Int
    /// The numbers in which it multiplies.
    package let precision: Precision
    /// What is done to gradients.
    package let shaping: GradientShaping

    /// The settings of a run.
    package init(seed: UInt64, threads: Int, precision: Precision, shaping: GradientShaping) {
        self.seed = seed
        self.threads = threads
        self.precision = precision
        self.shaping = shaping
    }
}
