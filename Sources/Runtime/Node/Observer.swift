public import Gossip
public import Graphs

/// Watches what an algorithm is told and what it wants: for traces and for reports of broken laws.
public protocol Observer: AnyObject {
    func saw(_ event: Event, _ effects: [Effect], peer: PeerID, now: Time)
}
