/// A key, a certificate, an invitation or a group that cannot be used: told so that it can be put right.
public struct IdentityError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, which decides the exit code.
    public enum Kind: Sendable, Hashable {
        /// It is there and is not what it should be (exit code 65).
        case malformed
        /// There is no such thing (exit code 66).
        case missing
        /// It is there already, or cannot be written (exit code 73).
        case unwritable
        /// The group does not admit it: it has expired, or was revoked (exit code 77).
        case refused
        /// It is whole and may not be used like this (exit code 78).
        case unfit
    }

    /// What is wrong, in one word.
    public let kind: Kind
    /// The file, group or argument that is to blame.
    public let subject: String
    /// What was found.
    public let problem: String
    /// What to do about it.
    public let remedy: String

    /// The subject, what is wrong with it, and what to do: together one sentence, see `description`.
    public init(_ kind: Kind, _ subject: String, _ problem: String, remedy: String) {
        self.kind = kind
        self.subject = subject
        self.problem = problem
        self.remedy = remedy
    }

    public var description: String { "\(subject): \(problem); \(remedy)" }
}
