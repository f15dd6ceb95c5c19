public import Gossip
import Runtime

/// A promise that a simulated run broke, with what led to it.
public struct Violation: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, in a sentence.
    public let what: String
    /// Virtual time of the event after which it showed.
    public let time: Time
    /// The number of the event after which it showed.
    public let event: Int
    /// The last events before it, oldest first.
    public let recent: [String]

    public var description: String {
        (["\(time.seconds) s, event \(event): \(what)"] + recent.map { "    " + $0 }).joined(separator: "\n")
    }
}
