import Conditions
import Gossip
import Runs
import Simulator

/// Something that should not be so.
public struct BatteryComplaint: Sendable, Hashable, CustomStringConvertible {
    /// Which promise or measure was missed.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The simulator saw a promise break: a law, lock step, a number that is none, a payload kept, a wait forever.
        case violation
        /// A peer did not make its steps.
        case steps
        /// A peer gave up although its algorithm promises to live through what happened.
        case abandonment
        /// Messages or mass are left over.
        case leftOver = "left over"
        /// The average of the models moved by more than gradients.
        case average
        /// Models left the space between all starts and minima.
        case between
        /// The peers did not come together.
        case distance
        /// The models are not those of the paper's recursion.
        case recursion
        /// The peers' average is too far from what they should have found.
        case optimum
        /// An honest peer distrusts another one.
        case trust
        /// Waiting for each other, they still came to something that depends on who was quicker.
        case bits
        /// The same seed gave another run.
        case repetition
    }

    /// What it is a breach of.
    public let kind: Kind
    /// What was found, in words.
    public let what: String

    init(_ kind: Kind, _ what: String) {
        self.kind = kind
        self.what = what
    }

    public var description: String { "\(kind.rawValue): \(what)" }
}
