import Gossip
import Runtime

/// Something that happens to a link of an open network, of one of its connections.
struct LinkEvent {
    enum Kind {
        /// Both ends try to connect.
        case dial
        /// The greeting of the other end comes.
        case greeting(LinkSession.Greeting)
        /// The way is free again, and what was held back comes.
        case flush
        /// The other end has closed the connection, and the network says so.
        case reset
        /// The other end has left, and says so behind everything else.
        case goodbye
        /// Nothing has come for too long, since the way was cut at that moment.
        case silence(since: Time)
        /// Nothing has come for too long from one that was paused.
        case stall
        /// Nothing comes any more from one that has died.
        case death
        /// What is in doubt has been so for long enough.
        case doubtOver
    }

    /// The link's place among all.
    let link: Int
    /// The end to which it happens: 0 for the peer of the lower number.
    let end: Int
    /// Which of the link's connections it is about.
    let connection: Int
    let kind: Kind
}
