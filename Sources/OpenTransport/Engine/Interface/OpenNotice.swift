/// What an engine tells the people who run it.
public enum OpenNotice: Sendable, Hashable {
    /// None of the seeds has answered yet.
    case waitsForSeeds
    /// Its first link, so many seconds after its start, and how many members it then knows of.
    case joined(through: KeyID, seconds: Double, members: Int)
    /// Whether strangers can dial it, and where they tried; nil where it does not listen.
    case reachability(Bool, Seed?)
    /// A member that it did not know of.
    case appeared(KeyID)
    /// A member that was missed and is there again.
    case returned(KeyID)
    /// A member that is gone: whether it has said so, or else was silent for too long; nil where nobody here knows.
    case lost(KeyID, hasLeft: Bool?)
    /// A dialed member or address does not let this peer in, and why.
    case notAdmitted(Refusal, by: String)
    /// The group admits this peer no more, and why: it must end.
    case excluded(Refusal)
    /// Somebody who was not let in, and why.
    case refused(Refusal, whom: String)
    /// A member that did not keep to the protocol, and how; it is left alone for a while.
    case breach(String, of: KeyID)
    /// An address that was dialed speaks no TLS, or another one; told to who only asks, also one where nobody answers.
    case noPeer(String, at: String)
    /// The clocks of this peer and a member differ by so many seconds: more than certificates bear.
    case clockDiffers(seconds: Int64, from: KeyID)
    /// Another process with the same key was started later: this one must end.
    case replacedElsewhere
    /// The system gives no more sockets for now, and why.
    case socketShortage(String)
}
