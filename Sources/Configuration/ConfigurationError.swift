/// A setting that cannot be: the user's mistake, told so that it can be fixed.
///
/// Whoever read the file adds its name and the line of `key`.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The path of the key, such as `algorithm.probability`; nil when no one key is to blame.
    public var key: String?
    /// One sentence without a full stop: what is wrong and what would be right.
    public var message: String

    /// Shortens a message that repeats too much of a file, to 2000 characters.
    public init(key: String?, _ message: String) {
        self.key = key
        // Whatever a message repeats of a file, it stays one that can be read.
        self.message = excerpt(message, atMost: 2000)
    }

    public var description: String {
        key.map { "\($0): \(message)" } ?? message
    }

    /// The same error seen from the section that holds the key.
    public func within(_ section: String) -> ConfigurationError {
        ConfigurationError(key: key.map { "\(section).\($0)" } ?? section, message)
    }
}
