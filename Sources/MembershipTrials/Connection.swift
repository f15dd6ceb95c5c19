import Membership

/// A connection between two hosts: reliable and in order, as TCP is.
struct Connection {
    enum State {
        case dialing
        case open
        case failed
    }

    let dialer: Int
    let acceptor: Int
    let attempt: UInt64
    var state = State.dialing
    /// When the last item arrives, towards the acceptor and towards the dialer: none overtakes another.
    var arrivalSeconds = (toAcceptor: 0.0, toDialer: 0.0)
    /// What could not pass while the network was in two parts, with whether it goes to the acceptor.
    var held: [(item: Passage, toAcceptor: Bool)] = []

    /// What passes over a connection.
    enum Passage {
        case item(MembershipItem)
        case end(CloseReason)
    }
}
