public import Configuration

/// The schedules of the learning rate by name.
public enum Schedules {
    /// How a schedule, but for warm-up and scaling, follows from its options.
    private struct Reading: Sendable {
        let read: @Sendable (Options) throws(ConfigurationError) -> any Schedule
    }

    private static let registry = Registry(
        "schedule",
        [
            entry("constant", "The learning rate stays as it is") { (_) throws(ConfigurationError) in
                ConstantSchedule()
            },
            entry(
                "step", "The learning rate is multiplied by a factor at milestones",
                [epochs.description, every.description, factor.description]
            ) { (options) throws(ConfigurationError) in try stepSchedule(options) },
            entry(
                "cosine", "The learning rate falls along half a cosine until the end of the run", [final.description]
            ) { (options) throws(ConfigurationError) in CosineSchedule(final: try options.value(final)) },
            entry(
                "inverse", "The learning rate diminishes as 1 / (1 + decay x epochs) ^ power",
                [decay.description, power.description]
            ) { (options) throws(ConfigurationError) in
                InverseSchedule(decay: try options.value(decay), power: try options.value(power))
            },
        ])

    /// An entry that has warm-up and scaling besides its own options.
    private static func entry(
        _ name: String, _ summary: String, _ options: [OptionDescription] = [],
        read: @escaping @Sendable (Options) throws(ConfigurationError) -> any Schedule
    ) -> RegistryEntry<Reading> {
        RegistryEntry(
            name, summary,
            options: options + [warmUpEpochs.description, warmUpStart.description, referenceBatch.description],
            make: Reading(read: read))
    }

    /// Every schedule, in the order of the lists.
    public static let all: [Description] = registry.descriptions

    static let epochs = Option.integers(
        "epochs", default: [], "Milestones: after each of these numbers of epochs")
    static let every = Option.optionalInteger(
        "every", in: 1...Int.max, "Instead of epochs: after each so many epochs")
    static let factor = Option.number(
        "factor", default: 0.1, in: 0...1, "What the learning rate is multiplied by at each milestone")
    static let final = Option.number(
        "final", default: 0, in: 0...1, "The share of the learning rate that is left at the end of the run")
    static let decay = Option.number(
        "decay", default: 1, in: 0 ... .greatestFiniteMagnitude, "How fast the learning rate falls, per epoch")
    static let power = Option.number(
        "power", default: 1, in: 0...100, "0.5 for 1 / sqrt(t), 1 for 1 / t")
    static let warmUpEpochs = Option.number(
        "warmup_epochs", default: 0, in: 0...1e6,
        "Epochs over which the learning rate first rises, in equal steps, beside what the schedule does")

    static let warmUpStart = Option.optionalNumber(
        "warmup_from", in: 0...1,
        "The share of the learning rate that the warm-up rises from; null: 0, or 1 / k where reference_batch makes the "
            + "rate k times as large")
    static let referenceBatch = Option.optionalInteger(
        "reference_batch", in: 1...Int.max,
        "The batch for which the learning rate is meant: it is made k times as large where peers x batch is k times "
            + "this (linear scaling); null: it is not")

    /// The epochs of a schedule's options over which the learning rate first rises; 0 for none.
    public static func warmUp(_ options: Options) throws(ConfigurationError) -> Double {
        try options.value(warmUpEpochs)
    }

    /// The schedule of that name, for steps of so many samples in all. Throws for an unknown name (key `name`), an
    /// unknown key and a value that cannot be.
    public static func make(
        _ name: String, _ options: Options, samplesPerStep: Double
    ) throws(ConfigurationError) -> any Schedule {
        var schedule = try registry.make(name, options).read(options)
        let scale = try options.value(referenceBatch).map { samplesPerStep / Double($0) }
        let warmUp = try options.value(warmUpEpochs)
        let start = try options.value(warmUpStart)
        if warmUp > 0 {
            // A rate that was made smaller has nothing to rise from.
            schedule = WarmUp(schedule, epochs: warmUp, from: start ?? scale.map { min(1 / $0, 1) } ?? 0)
        } else if start != nil {
            throw ConfigurationError(
                key: "warmup_from", "there is no warm-up that would rise from it; give warmup_epochs, too")
        }
        return scale.map { ScaledSchedule(schedule, by: $0) } ?? schedule
    }

    private static func stepSchedule(_ options: Options) throws(ConfigurationError) -> StepSchedule {
        let epochs = try options.value(epochs)
        let every = try options.value(every)
        let factor = try options.value(factor)
        if let every {
            guard epochs.isEmpty else {
                throw ConfigurationError(key: "every", "give milestones either by every or by epochs, not both")
            }
            return StepSchedule(.every(epochs: every), factor: factor)
        }
        guard !epochs.isEmpty else {
            throw ConfigurationError(
                key: "epochs", "the step schedule needs milestones, such as epochs: [4, 6] or every: 2")
        }
        guard epochs[0] > 0, zip(epochs, epochs.dropFirst()).allSatisfy({ $0 < $1 }) else {
            let given = OptionValue.list(epochs.map(OptionValue.integer)).written
            throw ConfigurationError(key: "epochs", "\(given) must rise, from at least 1")
        }
        return StepSchedule(.at(epochs: epochs), factor: factor)
    }
}
