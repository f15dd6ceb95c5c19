internal import Configuration
internal import Vectors

/// An optimizer that can be chosen by name: its description, and how its chain follows from its options.
struct OptimizerDefinition: Sendable {
    let description: Description
    let learningRate: Option<Double>
    /// Weight decay where it is no part of the gradient but seen to by the chain.
    let ownDecay: Option<Double>?
    /// The chain before the learning rate, for vectors of a layout. Throws for a value out of range.
    let transforms: @Sendable (Options, _ layout: VectorLayout) throws(ConfigurationError) -> [any GradientTransform]

    /// `options` are those of its own, beside the ones that every optimizer has.
    init(
        _ name: String, _ summary: String, learningRate: Double = 0.05, ownDecay: Option<Double>? = nil,
        options: [OptionDescription] = [],
        transforms: @escaping @Sendable (Options, VectorLayout) throws(ConfigurationError) -> [any GradientTransform]
    ) {
        self.learningRate = Optimizers.learningRate(default: learningRate)
        self.ownDecay = ownDecay
        let decay = ownDecay ?? Optimizers.weightDecay
        description = Description(
            name: name, summary: summary,
            options: [self.learningRate.description] + options
                + [decay.description, Optimizers.decaysAll.description, Optimizers.clipNorm.description])
        self.transforms = transforms
    }
}
