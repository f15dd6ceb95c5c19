package import Configuration

/// A key of the experiment file, declared once: reading, defaults, writing and the schema all follow from it.
package struct Key: Sendable {
    package let description: OptionDescription
    package let get: @Sendable (Experiment) -> OptionValue
    /// Sets a value that `description` has put into its one form.
    package let set: @Sendable (inout Experiment, OptionValue) -> Void

    package var name: String { description.name }

    /// `path` leads to the property of the experiment that holds the key's value, whose initial value is the default.
    package init<Value: SettingValue>(
        _ name: String, _ path: SettingPath<Value>, _ kind: OptionDescription.Kind, _ meaning: String
    ) {
        description = OptionDescription(
            name: name, kind: kind, isNullable: Value.isNullable,
            defaultValue: Experiment()[keyPath: path].optionValue, meaning: meaning)
        get = { $0[keyPath: path].optionValue }
        set = { experiment, canonical in
            guard let value = Value(canonical) else {
                preconditionFailure(
                    "the kind of '\(name)' let through \(canonical.written), which its type cannot hold")
            }
            experiment[keyPath: path] = value
        }
    }
}
