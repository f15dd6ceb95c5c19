public import Graphs

/// An open network as one peer's run sees it: its links, each known by a place. Place 0 is the peer's own. All calls
/// may come from any thread, and none blocks but `status` and `end`.
public protocol LinkNetwork: AnyObject, Sendable {
    /// Begins to hand on what arrives, also what has come before; called once.
    func begin(_ arrivals: LinkArrivals)

    /// What to say to the peer of a place, as `Inbound.greetingWanted` asked for that connection.
    func greet(_ place: PeerID, connection: UInt64, with greeting: LinkSession.Greeting)

    /// Hands over a frame for the peer of a place; where there is no link, it goes nowhere.
    func send(_ frame: Frame)

    /// What the network knows now.
    func status() -> LinkStatus

    /// Says to all that the peer goes and closes its links, a few seconds later at the latest.
    ///
    /// - Parameter isFinished: Whether it has done all that it was to do.
    func end(isFinished: Bool)
}
