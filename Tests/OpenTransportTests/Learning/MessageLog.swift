import Gossip
import Graphs
import Runtime

@testable import OpenTransport

/// What a peer knows of the messages that it sent, and which of others' it has handled.
final class MessageLog: Observer {
    /// A message among all peers.
    struct Key: Hashable, Sendable {
        let sender: KeyID
        let id: MessageID
    }

    struct Content: Sendable {
        var sent: [MessageID: (weight: Double, receiver: KeyID)] = [:]
        var delivered: [MessageID] = []
        var returned: [MessageID] = []
        var handled: [Key] = []
    }

    private(set) var content = Content()
    /// Whom each place stands for.
    private var members: [PeerID: KeyID] = [:]
    private var handledCount = 0
    /// What has come of each and waits for something before it, by its place in the order.
    private var waiting: [PeerID: [UInt64: MessageID]] = [:]

    func open(_ place: PeerID, _ member: KeyID) { (members[place], waiting[place]) = (member, [:]) }

    func saw(_ event: Event, _ effects: [Effect], peer: PeerID, now: Time) {
        switch event {
        case .delivered(let id): content.delivered.append(id)
        case .returned(let id, _): content.returned.append(id)
        default: break
        }
        for case .send(_, _, let metadata, let place, let id) in effects {
            guard let member = members[place] else { preconditionFailure("a message for nobody at \(place)") }
            content.sent[id] = (metadata.weight, member)
        }
    }

    /// After a frame of a node that has handled so many messages by now: words overtake models on their way, and are
    /// handled behind them.
    func note(_ frame: Frame, handledCount total: Int) {
        guard case .message(let sequence, let id, _, _) = frame.content, let sender = members[frame.from] else {
            return
        }
        waiting[frame.from, default: [:]][sequence] = id
        let first = waiting[frame.from, default: [:]].keys.sorted().prefix(total - handledCount)
        for sequence in first {
            guard let id = waiting[frame.from]?.removeValue(forKey: sequence) else { continue }
            content.handled.append(Key(sender: sender, id: id))
        }
        handledCount = total
    }
}

/// What peers hold together, by the logs of all who ever were there.
struct MessageBooks {
    /// Messages that were handled twice, heard of twice, or told delivered though nobody has handled them.
    private(set) var faults: [String] = []
    /// The weights that came back though they were handled, since their doubts ran out.
    private(set) var minted = 0.0
    /// The weights of messages of which nobody will hear any more.
    private(set) var stranded = 0.0
    private(set) var messageCount = 0

    init(_ logs: [KeyID: MessageLog.Content]) {
        var handled: Set<MessageLog.Key> = []
        for log in logs.values {
            for key in log.handled where !handled.insert(key).inserted { faults.append("\(key) is handled twice") }
        }
        for (sender, log) in logs {
            messageCount += log.sent.count
            let (delivered, returned) = (Set(log.delivered), Set(log.returned))
            if log.delivered.count + log.returned.count != delivered.union(returned).count {
                faults.append("\(sender) hears of a message twice")
            }
            for (id, message) in log.sent {
                let isHandled = handled.contains(MessageLog.Key(sender: sender, id: id))
                if delivered.contains(id), !isHandled { faults.append("\(sender) \(id) is delivered to nobody") }
                if returned.contains(id), isHandled { minted += message.weight }
                if !returned.contains(id), !isHandled { stranded += message.weight }
            }
        }
    }
}
