import Configuration

/// A wrong experiment: the user's mistake, with the place where it was made.
public struct ExperimentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where the setting to blame was written.
    public let place: Place
    /// The path of the key, such as `algorithm.probability`; nil when no one key is to blame.
    public let key: String?
    /// One sentence without a full stop: what is wrong and what would be right.
    public let message: String

    /// Shortens a message that repeats too much of a file, to 2000 characters.
    package init(_ place: Place, key: String?, _ message: String) {
        self.place = place
        self.key = key
        self.message = excerpt(message, atMost: 2000)
    }

    /// Where a setting was written.
    public enum Place: Sendable, Hashable {
        /// Nowhere: it is a default.
        case none
        /// In the experiment file; the line and column count from 1.
        case file(String, line: Int, column: Int)
        /// In the override `key.path=value`.
        case override(String)
    }

    /// Key and message, without the place.
    package var sentence: String { key.map { "\($0): \(message)" } ?? message }

    public var description: String {
        switch place {
        case .none: return sentence
        case .file(let name, let line, let column): return "\(name):\(line):\(column): \(sentence)"
        case .override(let text):
            // The override itself shows the key.
            let shown = key.map { text.hasPrefix($0 + "=") } ?? true
            return "override '\(excerpt(text))': \(shown ? message : sentence)"
        }
    }
}
