/// What a peer does when it handles nothing.
public enum PeerActivity: Sendable {
    case computing
    /// It has steps to make and computes nothing.
    case waiting
    /// It has made its steps.
    case finished
}
