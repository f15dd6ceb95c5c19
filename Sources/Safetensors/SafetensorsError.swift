/// Why a safetensors file could not be read: one sentence that names the file.
public struct SafetensorsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is amiss, on which the command's exit code depends.
    public enum Kind: Sendable, Hashable {
        /// There is no such file, or it may not be read.
        case missing
        /// The file breaks the format.
        case malformed
    }

    /// Whether the file is missing or malformed.
    public let kind: Kind
    /// The file, as it was given.
    public let path: String
    /// What is wrong, without the name of the file.
    public let reason: String

    /// An error whose description is `path`, a colon and `reason`.
    public init(_ kind: Kind, path: String, _ reason: String) {
        self.kind = kind
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(path): \(reason)" }
}
