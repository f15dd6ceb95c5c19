/// A data file that cannot be used: told so that it can be fixed.
public struct DataError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong with the file, which decides the exit code.
    public enum Kind: Sendable, Hashable {
        /// The file is there but is not what it should be (exit code 65).
        case malformed
        /// There is no such file, or it cannot be read (exit code 66).
        case missing
    }

    /// Whether the file is malformed or missing.
    public var kind: Kind
    /// The file, or the name of the data set when no one file is to blame.
    public var subject: String
    /// What is wrong: what was expected and what was found.
    public var problem: String
    /// What to do about it.
    public var remedy: String

    /// The subject, what is wrong with it, and what to do: together one sentence, see `description`.
    public init(_ kind: Kind, _ subject: String, _ problem: String, remedy: String) {
        self.kind = kind
        self.subject = subject
        self.problem = problem
        self.remedy = remedy
    }

    public var description: String { "\(subject): \(problem); \(remedy)" }
}
