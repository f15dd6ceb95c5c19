import Gossip
import Graphs
import Runtime

/// Watches one node of an open network, which does not know the peer's number: tells those who do, and keeps what the
/// event under way sent and what it was told of messages.
final class NodeSight: Observer {
    struct Sending {
        let id: MessageID
        let weight: Double
        /// A place of the sender.
        let receiver: PeerID
    }

    private let me: PeerID
    private let listener: any Observer
    private(set) var sent: [Sending] = []
    private(set) var delivered: [MessageID] = []
    private(set) var returned: [MessageID] = []
    /// How many messages the node had handled when it was last looked at.
    private var messagesReceived = 0

    init(of me: PeerID, tells listener: any Observer) {
        self.me = me
        self.listener = listener
    }

    func saw(_ event: Event, _ effects: [Effect], peer: PeerID, now: Time) {
        switch event {
        case .delivered(let id): delivered.append(id)
        case .returned(let id, _): returned.append(id)
        default: break
        }
        for case .send(_, _, let metadata, let receiver, let id) in effects {
            sent.append(Sending(id: id, weight: metadata.weight, receiver: receiver))
        }
        listener.saw(event, effects, peer: me, now: now)
    }

    /// How many messages the node has handled since it was asked last, of this total.
    func newlyReceived(of total: Int) -> Int {
        defer { messagesReceived = total }
        return total - messagesReceived
    }

    /// Makes room for the next event.
    func clear() {
        sent.removeAll(keepingCapacity: true)
        delivered.removeAll(keepingCapacity: true)
        returned.removeAll(keepingCapacity: true)
    }
}
