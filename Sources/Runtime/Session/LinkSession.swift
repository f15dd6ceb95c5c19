/// The numbers by which the two ends of a link settle, at each new connection, what became of the messages of the one
/// before.
///
/// One connection is one session. Nothing is sent again over a link, for a connection loses nothing while it lasts;
/// what is not acknowledged when it breaks is in doubt, until the other end tells how far it had come. Both ends count
/// the next session by the same rule, `max(mine, theirs) + 1`. A connection may break while one end has the other's
/// greeting and not the other way round: then that end alone was in the new session, where it heard nothing, and the
/// other one is still in the former. So a greeting tells of two sessions: of the last, and of the one in which the
/// other end said that it was.
///
/// A greeting says how things stand while nothing is heard: it goes out before anything is handled that came over the
/// new connection, and behind everything that came over the old one.
public struct LinkSession: Sendable, Hashable, Codable {
    /// What one end tells the other when a connection begins.
    public struct Greeting: Sendable, Hashable, Codable {
        /// The session in which this end was last; 0 before the first.
        public let number: UInt32
        /// The place up to which this end has handled the other's messages of that session.
        public let handled: UInt64
        /// The session in which the other end said last that it was.
        public let formerNumber: UInt32
        /// The place up to which this end has handled the other's messages of that one.
        public let formerHandled: UInt64

        /// The greeting with these numbers, as it has travelled.
        public init(number: UInt32, handled: UInt64, formerNumber: UInt32, formerHandled: UInt64) {
            self.number = number
            self.handled = handled
            self.formerNumber = formerNumber
            self.formerHandled = formerHandled
        }
    }

    /// The session under way, or the last one; 0 before the first.
    private(set) var number: UInt32 = 0
    private var formerNumber: UInt32 = 0
    private var formerHandled: UInt64 = 0

    /// The greeting of this end, which has handled so many of the other's messages in its last session.
    func greeting(handled: UInt64) -> Greeting {
        Greeting(number: number, handled: handled, formerNumber: formerNumber, formerHandled: formerHandled)
    }

    /// Begins the next session, by the greeting of the other end. Returns the place up to which that one has handled
    /// this one's messages of the session before; what lies behind it was never handled, and never will be.
    ///
    /// - Parameter handled: How many of the other's messages this end has handled in its last session.
    mutating func open(_ theirs: Greeting, handled: UInt64) -> UInt64 {
        let settled =
            theirs.number == number ? theirs.handled : theirs.formerNumber == number ? theirs.formerHandled : 0
        if theirs.number == number {
            (formerNumber, formerHandled) = (number, handled)
        } else if theirs.number != formerNumber {
            // A session in which this end never was: it has heard nothing there.
            (formerNumber, formerHandled) = (theirs.number, 0)
        }
        // No link is made so often; a number that somebody made up must not end the program.
        number = min(max(number, theirs.number), .max - 1) + 1
        return settled
    }
}
