internal import Configuration

/// The options that rules with running moments of the gradient share.
enum MomentOptions {
    static let beta1 = Option.number(
        "beta1", default: 0.9, in: 0...0.999999, "Share of the running mean of gradients that survives a step")
    static let beta2 = Option.number(
        "beta2", default: 0.999, in: 0...0.999999, "Share of the running second moment that survives a step")

    static func epsilon(default value: Double) -> Option<Double> {
        Option.number(
            "epsilon", default: value, in: 1e-30...1, "What the divisor is kept above: added to the root beneath a step"
        )
    }
}
