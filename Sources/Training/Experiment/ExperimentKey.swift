import Configuration

/// The way to a property of the experiment.
typealias SettingPath<Value> = any WritableKeyPath<Experiment, Value> & Sendable

/// A type whose values can stand in an experiment file.
protocol SettingValue: Sendable {
    static var isNullable: Bool { get }
    /// Nil where `value` is of another type; a value that a `Key` has put into its one form never is.
    init?(_ value: OptionValue)
    var optionValue: OptionValue { get }
}

/// A key of the experiment file, declared once: reading, defaults, writing and the schema all follow from it.
struct Key: Sendable {
    let description: OptionDescription
    /// What later versions allow here and this one does not.
    let future: Future?
    let get: @Sendable (Experiment) -> OptionValue
    /// Sets a value that `description` has put into its one form.
    let set: @Sendable (inout Experiment, OptionValue) -> Void

    var name: String { description.name }

    /// `path` leads to the property of the experiment that holds the key's value, whose initial value is the default.
    init<Value: SettingValue>(
        _ name: String, _ path: SettingPath<Value>, _ kind: OptionDescription.Kind,
        future: Future? = nil, _ meaning: String
    ) {
        description = OptionDescription(
            name: name, kind: kind, isNullable: Value.isNullable,
            defaultValue: Experiment()[keyPath: path].optionValue, meaning: meaning)
        self.future = future
        get = { $0[keyPath: path].optionValue }
        set = { experiment, canonical in
            guard let value = Value(canonical) else {
                preconditionFailure(
                    "the kind of '\(name)' let through \(canonical.written), which its type cannot hold")
            }
            experiment[keyPath: path] = value
        }
    }

    /// A feature that the experiment file already has a place for, though this build lacks it.
    struct Future: Sendable {
        let feature: String
        /// The values that do without the feature.
        let available: [OptionValue]
    }
}

/// A section of the experiment file: a choice by name with its options, keys of its own, or both.
struct Section: Sendable {
    let name: String
    let meaning: String
    let choice: Selector?
    let keys: [Key]

    /// The key by which one of several named things is chosen.
    struct Selector: Sendable {
        /// `name` or `kind`.
        let key: String
        /// What is chosen, for messages.
        let noun: String
        let path: SettingPath<Experiment.Choice>
        let registry: any KeyPath<Registries, [Description]> & Sendable

        var defaultName: String { Experiment()[keyPath: path].name }
    }
}

/// An entry at the top of the experiment file.
enum Entry: Sendable {
    case key(Key)
    case section(Section)

    var name: String {
        switch self {
        case .key(let key): key.name
        case .section(let section): section.name
        }
    }
}
