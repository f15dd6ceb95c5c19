/// Why a run cannot go on from a checkpoint: one sentence that names the file or folder, and the remedy.
public struct CheckpointError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// There is none.
        case missing
        /// It is not what was written.
        case damaged
        /// It is whole, and of another run than the experiment describes.
        case unfit
    }

    public let kind: Kind
    public let path: String
    /// What is wrong and what would be right, without the name of the file.
    public let reason: String

    public init(_ kind: Kind, _ path: String, _ reason: String) {
        self.kind = kind
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(path): \(reason)" }
}
