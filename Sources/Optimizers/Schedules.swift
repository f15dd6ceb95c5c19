public import Configuration

/// The schedules of the learning rate by name.
public enum Schedules {
    /// Every schedule, in the order of the lists.
    public static let all: [Description] = [
        Description(name: "constant", summary: "The learning rate stays as it is"),
        Description(
            name: "step", summary: "The learning rate is multiplied by a factor at milestones",
            options: [epochs.description, every.description, factor.description]),
    ]

    static let epochs = Option.integers(
        "epochs", default: [], "Milestones: after each of these numbers of epochs")
    static let every = Option.optionalInteger(
        "every", in: 1...Int.max, "Instead of epochs: after each so many epochs")
    static let factor = Option.number(
        "factor", default: 0.1, in: 0...1, "What the learning rate is multiplied by at each milestone")

    /// The schedule of that name. Throws for an unknown name (key `name`), an unknown key and a value that cannot be.
    public static func make(_ name: String, _ options: Options) throws(ConfigurationError) -> any Schedule {
        guard let description = all.first(where: { $0.name == name }) else {
            throw ConfigurationError(key: "name", unknown("schedule", name, known: all.map(\.name)))
        }
        try options.refuseUnknown(besides: description.options)
        return name == "constant" ? ConstantSchedule() : try stepSchedule(options)
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
