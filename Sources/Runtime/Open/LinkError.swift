/// Why a peer does not take part in an open network, or no longer: what was found and what to do about it, each one
/// sentence without a full stop.
public struct LinkError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What it is, which decides the exit code.
    public enum Kind: Sendable, Hashable {
        /// Nobody answers, or the address is taken: it may be otherwise later.
        case unreachable
        /// The others do not let the peer in, or no longer.
        case refused
        /// The others do something else.
        case otherExperiment
    }

    /// What it is.
    public let kind: Kind
    /// What was found.
    public let finding: String
    /// What to do about it.
    public let remedy: String

    /// What was found, and what to do about it.
    public init(_ kind: Kind, _ finding: String, remedy: String) {
        self.kind = kind
        self.finding = finding
        self.remedy = remedy
    }

    public var description: String { "\(finding); \(remedy)" }
}
