internal import Configuration

/// An optimizer that can be chosen by name: its description, and how its chain follows from its options.
struct OptimizerDefinition: Sendable {
    let description: Description
    /// The chain before the learning rate, for vectors of `count` numbers. Throws for a value out of range.
    let transforms: @Sendable (Options, _ count: Int) throws(ConfigurationError) -> [any GradientTransform]

    /// `options` are those of its own, beside the ones that every optimizer has.
    init(
        _ name: String, _ summary: String, options: [OptionDescription] = [],
        transforms: @escaping @Sendable (Options, Int) throws(ConfigurationError) -> [any GradientTransform]
    ) {
        description = Description(
            name: name, summary: summary,
            options: [Optimizers.learningRate.description] + options + Optimizers.shapingOptions)
        self.transforms = transforms
    }
}
