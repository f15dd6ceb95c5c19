import Compute
public import Configuration
public import Models

extension Precision {
    /// Refuses numbers for which this processor has no code, under the key `precision`.
    public func requireSupport() throws(ConfigurationError) {
        if let shortage { throw ConfigurationError(key: "precision", "'\(rawValue)': \(shortage)") }
    }
}
