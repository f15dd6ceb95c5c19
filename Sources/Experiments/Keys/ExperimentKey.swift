package import Configuration

/// The way to a property of the experiment.
package typealias SettingPath<Value> = any WritableKeyPath<Experiment, Value> & Sendable

/// A type whose values can stand in an experiment file.
package protocol SettingValue: Sendable {
    static var isNullable: Bool { get }
    /// Nil where `value` is of another type; a value that a `Key` has put into its one form never is.
    init?(_ value: OptionValue)
    var optionValue: OptionValue { get }
}
