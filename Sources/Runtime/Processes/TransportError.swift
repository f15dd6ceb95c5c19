/// Why a transport does not join processes: what is wrong, and what to do about it, each one sentence without a full
/// stop.
public protocol TransportError: Error, CustomStringConvertible {
    var finding: String { get }
    var remedy: String { get }
}

extension TransportError {
    public var description: String { "\(finding); \(remedy)" }
}
