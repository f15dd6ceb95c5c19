public import Configuration

/// The optimizers by name: one entry here makes an optimizer known to experiments, lists and the schema.
public enum Optimizers {
    private static let registry = Registry(
        "optimizer",
        [OptimizerDefinition.sgd, .momentum, .nesterov].map { RegistryEntry($0.description, make: $0) })

    /// Every optimizer, in the order of the lists.
    public static let all: [Description] = registry.descriptions

    /// What is done to gradients before any optimizer gets them.
    static let shapingOptions = [weightDecay.description, decaysAll.description, clipNorm.description]

    static let learningRate = Option.number(
        "learning_rate", default: 0.05, in: 0 ... .infinity, "Scale of a step, before the schedule")
    static let weightDecay = Option.number(
        "weight_decay", default: 0, in: 0 ... .infinity,
        "L2 penalty: this times the parameters is added to the gradient")
    static let clipNorm = Option.optionalNumber(
        "clip_norm", in: .leastNonzeroMagnitude ... .greatestFiniteMagnitude,
        "Longest gradient (Euclidean norm over all parameters, before weight decay); null: any length")

    static let decaysAll = Option.boolean(
        "decay_norms_and_biases", default: true,
        "Whether weight decay also acts on biases and on the scales and shifts of norms")

    /// The optimizer of that name for vectors of `count` numbers, its learning rate that of the options.
    ///
    /// Throws for an unknown name (key `name`), an unknown key and a value out of range.
    public static func make(
        _ name: String, _ options: Options, count: Int
    ) throws(ConfigurationError) -> Optimizer {
        let transforms = try registry.make(name, options).transforms(options, count)
        _ = try shaping(options)
        return Optimizer(count: count, learningRate: try finite(learningRate, options), transforms)
    }

    /// The learning rate before the schedule. Throws as `make` does, so it also serves to check a section.
    public static func learningRate(of name: String, _ options: Options) throws(ConfigurationError) -> Float {
        try make(name, options, count: 0).learningRate
    }

    /// Whether the optimizer of that name remembers gradients. Throws as `make` does.
    public static func hasMomentum(_ name: String, _ options: Options) throws(ConfigurationError) -> Bool {
        try make(name, options, count: 0).hasMomentum
    }

    /// What is done to gradients before the optimizer gets them: options of every optimizer.
    public static func shaping(_ options: Options) throws(ConfigurationError) -> GradientShaping {
        let clip = try options.value(clipNorm).map { Float($0) }
        guard clip.map({ $0 > 0 && $0.isFinite }) ?? true else {
            throw ConfigurationError(key: "clip_norm", "must be finite and above 0 in single precision")
        }
        return GradientShaping(
            clipNorm: clip, weightDecay: try finite(weightDecay, options),
            decaysNormsAndBiases: try options.value(decaysAll))
    }

    /// Steps are computed in float32; a number that does not fit would make the first one infinite.
    private static func finite(_ option: Option<Double>, _ options: Options) throws(ConfigurationError) -> Float {
        let value = Float(try options.value(option))
        guard value.isFinite else {
            throw ConfigurationError(key: option.description.name, "must be finite in single precision")
        }
        return value
    }
}
