import Conditions
package import Configuration
import Datasets
import Models

extension SettingValue {
    package static var isNullable: Bool { false }
}

extension Int: SettingValue {
    package init?(_ value: OptionValue) {
        guard case .integer(let integer) = value else { return nil }
        self = integer
    }

    package var optionValue: OptionValue { .integer(self) }
}

extension Double: SettingValue {
    package init?(_ value: OptionValue) {
        guard case .number(let number) = value else { return nil }
        self = number
    }

    package var optionValue: OptionValue { .number(self) }
}

extension Bool: SettingValue {
    package init?(_ value: OptionValue) {
        guard case .boolean(let flag) = value else { return nil }
        self = flag
    }

    package var optionValue: OptionValue { .boolean(self) }
}

extension String: SettingValue {
    package init?(_ value: OptionValue) {
        guard case .text(let text) = value else { return nil }
        self = text
    }

    package var optionValue: OptionValue { .text(self) }
}

extension SettingValue where Self: RawRepresentable, RawValue == String {
    package init?(_ value: OptionValue) {
        guard case .text(let text) = value else { return nil }
        self.init(rawValue: text)
    }

    package var optionValue: OptionValue { .text(rawValue) }
}

extension Augmentation: SettingValue {}
extension LastBatch: SettingValue {}
extension Precision: SettingValue {}
extension Latency.Shape: SettingValue {}

extension Optional: SettingValue where Wrapped: SettingValue {
    package static var isNullable: Bool { true }

    package init?(_ value: OptionValue) {
        if value == .null {
            self = .none
        } else if let wrapped = Wrapped(value) {
            self = .some(wrapped)
        } else {
            return nil
        }
    }

    package var optionValue: OptionValue { self?.optionValue ?? .null }
}

/// Peers and their factors.
extension Dictionary: SettingValue where Key == Int, Value == Double {
    package init?(_ value: OptionValue) {
        guard case .table(let entries) = value else { return nil }
        self.init()
        for (peer, factor) in entries {
            guard let peer = Int(peer), let factor = factor.asNumber else { return nil }
            self[peer] = factor
        }
    }

    package var optionValue: OptionValue {
        .table([String: OptionValue](uniqueKeysWithValues: map { ("\($0.key)", .number($0.value)) }))
    }
}

/// A value that is kept as it stands in the file.
extension OptionValue: SettingValue {
    package init?(_ value: OptionValue) { self = value }

    package var optionValue: OptionValue { self }
}

extension Array: SettingValue where Element: SettingValue {
    package init?(_ value: OptionValue) {
        guard case .list(let items) = value else { return nil }
        let elements = items.compactMap { Element($0) }
        guard elements.count == items.count else { return nil }
        self = elements
    }

    package var optionValue: OptionValue { .list(map(\.optionValue)) }
}

extension TimeSpan: SettingValue {
    package var optionValue: OptionValue { .text(description) }
}
