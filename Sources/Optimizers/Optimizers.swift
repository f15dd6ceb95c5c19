public import Configuration
public import Vectors

/// The optimizers by name: one entry here makes an optimizer known to experiments, lists and the schema.
public enum Optimizers {
    private static let definitions: [OptimizerDefinition] = [
        .sgd, .momentum, .nesterov, .adagrad, .rmsprop, .adam, .adamw, .nadam, .adamax, .rmspropWarmUp, .lars, .lamb,
    ]
    private static let registry = Registry(
        "optimizer", definitions.map { RegistryEntry($0.description, make: $0) })

    /// Every optimizer, in the order of the lists.
    public static let all: [Description] = registry.descriptions

    static func learningRate(default value: Double) -> Option<Double> {
        Option.number("learning_rate", default: value, in: 0 ... .infinity, "Scale of a step, before the schedule")
    }
    static let weightDecay = Option.number(
        "weight_decay", default: 0, in: 0 ... .infinity,
        "L2 penalty: this times the parameters is added to the gradient")
    /// Weight decay that an optimizer sees to by itself, so that it passes by what is made of gradients.
    static func ownDecay(default value: Double, _ meaning: String) -> Option<Double> {
        Option.number("weight_decay", default: value, in: 0 ... .infinity, meaning)
    }
    static let clipNorm = Option.optionalNumber(
        "clip_norm", in: .leastNonzeroMagnitude ... .greatestFiniteMagnitude,
        "Longest gradient (Euclidean norm over all parameters, before weight decay); null: any length")

    static let decaysAll = Option.boolean(
        "decay_norms_and_biases", default: true,
        "Whether weight decay also acts on biases and on the scales and shifts of norms")

    /// The optimizer of that name for vectors of this layout, its learning rate that of the options.
    ///
    /// Throws for an unknown name (key `name`), an unknown key and a value out of range.
    public static func make(
        _ name: String, _ options: Options, layout: VectorLayout
    ) throws(ConfigurationError) -> Optimizer {
        let definition = try registry.make(name, options)
        let transforms = try definition.transforms(options, layout)
        _ = try shaping(name, options)
        return Optimizer(
            count: layout.count, learningRate: try finite(definition.learningRate, options), transforms)
    }

    /// The learning rate before the schedule. Throws as `make` does, so it also serves to check a section.
    public static func learningRate(of name: String, _ options: Options) throws(ConfigurationError) -> Float {
        try make(name, options, layout: VectorLayout()).learningRate
    }

    /// Whether the optimizer of that name remembers gradients. Throws as `make` does.
    public static func hasMomentum(_ name: String, _ options: Options) throws(ConfigurationError) -> Bool {
        try make(name, options, layout: VectorLayout()).hasMomentum
    }

    /// Whether in the optimizer of that name a number's step depends on all numbers of its tensor. Throws as `make`
    /// does.
    public static func measuresTensors(_ name: String, _ options: Options) throws(ConfigurationError) -> Bool {
        try make(name, options, layout: VectorLayout()).measuresTensors
    }

    /// What is done to gradients before the optimizer of that name gets them: options of every optimizer. Weight decay
    /// that an optimizer sees to by itself is no part of it.
    public static func shaping(_ name: String, _ options: Options) throws(ConfigurationError) -> GradientShaping {
        let clip = try options.value(clipNorm).map { Float($0) }
        guard clip.map({ $0 > 0 && $0.isFinite }) ?? true else {
            throw ConfigurationError(key: "clip_norm", "must be finite and above 0 in single precision")
        }
        return GradientShaping(
            clipNorm: clip,
            weightDecay: try registry.make(name, Options()).ownDecay == nil ? finite(weightDecay, options) : 0,
            decaysNormsAndBiases: try options.value(decaysAll))
    }

    /// Steps are computed in float32; a number that does not fit would make the first one infinite.
    static func finite(_ option: Option<Double>, _ options: Options) throws(ConfigurationError) -> Float {
        let value = Float(try options.value(option))
        guard value.isFinite else {
            throw ConfigurationError(key: option.description.name, "must be finite in single precision")
        }
        return value
    }
}
