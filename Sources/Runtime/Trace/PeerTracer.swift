public import Gossip

/// Watches one peer: what it does and when, and what becomes of its messages. It asks its own clock, one for all peers
/// of a run; all calls come in the order of what they tell.
public protocol PeerTracer: AnyObject {
    /// The peer is there from now on: at the beginning, when it joins, when it comes back.
    func lives()
    /// The peer is dead from now on.
    func dies()
    /// The peer begins to handle something that has come.
    func beginsHandling()
    /// By what is being handled the messages of the frame's sender in these places were handled.
    func handled(_ frame: Frame, places: ClosedRange<UInt64>)
    /// A frame leaves the peer, for the first time or once more.
    func sent(_ frame: Frame)
    /// A frame has come to nothing, on its way or at its receiver.
    func dropped(_ frame: Frame)
    /// What has come is handled, nil being the beginning; and what the peer does afterwards.
    func endsHandling(_ inbound: Inbound?, then activity: PeerActivity)
    /// The peer computes, or has computed, between two moments of that clock: a gradient, or on a pass.
    func computes(_ pass: Pass?, from begin: Time, to end: Time)
    /// Something befalls the peer, in a word.
    func marks(_ what: String)
    /// The run is over: what is still known of the peer is put down.
    func ends()
}
