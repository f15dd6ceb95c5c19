import Membership

/// What happens at a time of the world; of two at the same time that which was foreseen first.
struct WorldEvent: Comparable {
    enum Kind {
        case tick
        /// The dialer has the acceptor's certificates and sends its greeting.
        case greets(Int)
        case accepts(Int, Greeting)
        case answered(Int, Greeting)
        case dialTimeout(Int)
        case passage(Int, Connection.Passage)
        case dialedBack(Bool)
        case wakes
        case churn
    }

    let seconds: Double
    let order: Int
    /// Whom it happens to.
    let host: Int
    let kind: Kind

    static func == (left: WorldEvent, right: WorldEvent) -> Bool { left.order == right.order }

    static func < (left: WorldEvent, right: WorldEvent) -> Bool {
        (left.seconds, left.order) < (right.seconds, right.order)
    }
}
