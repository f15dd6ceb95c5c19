package import Configuration

/// A section of the experiment file: a choice by name with its options, keys of its own, or both.
package struct Section: Sendable {
    package let name: String
    package let meaning: String
    package let choice: Selector?
    package let keys: [Key]

    /// The key by which one of several named things is chosen.
    package struct Selector: Sendable {
        /// `name` or `kind`.
        package let key: String
        /// What is chosen, for messages.
        package let noun: String
        package let path: SettingPath<Experiment.Choice>
        package let registry: any KeyPath<Registries, [Description]> & Sendable

        package var defaultName: String { Experiment()[keyPath: path].name }
    }
}
