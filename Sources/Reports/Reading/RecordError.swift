/// Records of a run that are not there or cannot be understood.
public struct RecordError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is amiss, on which the command's exit code depends.
    public enum Kind: Sendable, Hashable {
        /// Not there, or not to be read.
        case missing
        /// Not in the form that `murmur train` writes.
        case malformed
    }

    /// Whether the records are missing or malformed.
    public let kind: Kind
    /// The file, with its line where that is known.
    public let place: String
    /// What is wrong and what would be right.
    public let message: String

    public var description: String { "\(place): \(message)" }
}
