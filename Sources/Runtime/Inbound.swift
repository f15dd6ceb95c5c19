public import Gossip
public import Graphs
public import Vectors

/// What can arrive at a node: there is one place to wait for all of it.
public enum Inbound: Sendable {
    case frame(Frame)
    case gradientReady(GradientReport)
    /// A pass has come to a stop, or to its end.
    case passAdvanced(PassReport)
    case timer(NodeTimer)
    /// The average that the environment took of what the peers handed in.
    case averaged(Payload)
    /// A peer is there, or is there again, in its life of that number.
    case peerJoined(PeerID, incarnation: UInt32)
    case peerLeft(PeerID)
    /// A connection of that number to the peer is there, and this end is to greet.
    case greetingWanted(PeerID, connection: UInt64)
    /// A connection to the peer has begun, with what that one said: what was in doubt is settled, and the peer is
    /// there.
    case linkUp(PeerID, LinkSession.Greeting)
    /// The connection to the peer has broken: it is out of reach, and what it was sent is in doubt.
    case linkDown(PeerID)
    /// What the peer was sent has been in doubt for long enough.
    case doubtOver(PeerID)
    /// The peer's number is to be another one's.
    case forgotten(PeerID)
    /// What only the algorithm is to hear, as it is: an end after some step.
    case event(Event)
    /// Nothing but a reason to look around.
    case wake

    /// What answers a request to compute: it can be held back, and the peer then goes no further than it is.
    public var isComputed: Bool {
        switch self {
        case .gradientReady, .passAdvanced: true
        default: false
        }
    }
}
