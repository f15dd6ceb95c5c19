internal import Configuration

/// The options that every network has beside its own.
enum NetworkOptions {
    static let classes = Option<Int?>.optionalInteger(
        "classes", in: 1...1_000_000, "outputs, where there shall be more than the data has classes; null: as many")
    static let labelSmoothing = Option<Double>.number(
        "label_smoothing", default: 0, in: 0...1,
        "share of each label that the loss of training spreads evenly over all classes")

    /// How many outputs there are for data of so many classes.
    static func outputs(_ options: Options, classes: Int) throws(ConfigurationError) -> Int {
        guard let outputs = try options.value(Self.classes) else { return classes }
        guard outputs >= classes else {
            throw ConfigurationError(
                key: Self.classes.description.name,
                "\(outputs) are too few for the \(classes) classes of the data")
        }
        return outputs
    }

    /// The description with these options behind the model's own.
    static func added(to own: Description) -> Description {
        Description(
            name: own.name, summary: own.summary,
            options: own.options + [classes.description, labelSmoothing.description])
    }
}
