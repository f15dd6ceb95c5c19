/// Why a run cannot go on from a checkpoint: one sentence that names the file or folder, and the remedy.
public struct CheckpointError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What of the checkpoint is amiss, on which the command's exit code depends.
    public enum Kind: Sendable, Hashable {
        /// There is none.
        case missing
        /// It is not what was written.
        case damaged
        /// It is whole, and of another run than the experiment describes.
        case unfit
    }

    /// Whether there is none, it is damaged or it does not fit.
    public let kind: Kind
    /// The file or folder to blame.
    public let path: String
    /// What is wrong and what would be right, without the name of the file.
    public let reason: String

    /// An error whose description is `path`, a colon and `reason`.
    public init(_ kind: Kind, _ path: String, _ reason: String) {
        self.kind = kind
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(path): \(reason)" }
}
