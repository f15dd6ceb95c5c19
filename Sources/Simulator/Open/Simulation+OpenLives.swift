import Conditions
import Gossip
import Graphs
import Randomness
import Runtime

/// How peers of an open network come and go, and what becomes of what they hold and have sent.
extension Simulation {
    /// Who watches a peer's node.
    func observer(of peer: PeerID) -> any Observer {
        guard openNetwork != nil else { return recent }
        let sight = NodeSight(of: peer, tells: recent)
        openNetwork?.sights.append(sight)
        return sight
    }

    /// Lets those who are there at the beginning connect, and the founder begin.
    func startLinks() {
        for fault in settings.faults.faults where [.cut, .partition].contains(fault.kind) {
            queue.insert(.cut, at: fault.window.start)
        }
        if let founder = openNetwork?.settings.founder { openNetwork?.begun = [founder] }
        cutLinks()
        dial()
    }

    /// Lets a peer come in that was not there at first: it begins once it has a link.
    func joinOverLinks(_ joiner: PeerID) {
        statistics.joins += 1
        peers[joiner.rawValue].isAlive = true
        dial(linksOf: joiner)
    }

    /// Asks a peer to leave. One that has not begun just goes; any other one hears of it like of everything else, when
    /// it is not paused.
    func leave(_ peer: PeerID) {
        guard openNetwork != nil, peers[peer.rawValue].isAlive else { return }
        statistics.leaves += 1
        guard openNetwork?.begun.contains(peer) == true else {
            return endOpenLife(of: peers[peer.rawValue], hasLeft: true)
        }
        openNetwork?.leaving.insert(peer)
        schedule(.event(.leave), for: peer, at: now)
    }

    /// Lets a peer go that was asked to leave, once it holds nothing and has heard of all that it sent.
    func departIfDone(_ peer: SimulatedPeer) {
        guard let network = openNetwork, network.leaving.contains(peer.me), peer.isAlive, peer.node.isFinished,
            peer.node.session.unacknowledgedCount == 0, ledger.mass(of: peer.me) <= 0
        else { return }
        endOpenLife(of: peer, hasLeft: true)
    }

    /// Puts down what became of messages in a node's last event, and complains of what must not be.
    func keepBook(of peer: SimulatedPeer, after inbound: Inbound) {
        guard let network = openNetwork else { return }
        let sight = network.sights[peer.me.rawValue]
        defer { sight.clear() }
        for sending in sight.sent {
            let key = MessageBook.Key(sender: peer.me, id: sending.id)
            let receiver = network.partner(sending.receiver, of: peer.me)
            openNetwork?.book.send(key, weight: sending.weight, to: receiver)
        }
        let received = sight.newlyReceived(of: peer.node.statistics.messagesReceived)
        if received > 0, case .frame(let frame) = inbound, case .message(_, let id, _, _) = frame.content {
            noteHandled(id, from: network.partner(frame.from, of: peer.me), by: peer, isOne: received == 1)
        }
        for id in sight.delivered {
            if openNetwork?.book.close(MessageBook.Key(sender: peer.me, id: id))?.isHandled != true {
                violate("peer \(peer.me) is told that message \(id.rawValue) was delivered, and nobody has handled it")
            }
        }
        let hasDoubtRunOut = if case .doubtOver = inbound { true } else { false }
        for id in sight.returned { takeBack(id, by: peer, hasDoubtRunOut: hasDoubtRunOut) }
    }

    private func noteHandled(_ id: MessageID, from sender: PeerID, by peer: SimulatedPeer, isOne: Bool) {
        guard isOne, let entry = openNetwork?.book.handle(MessageBook.Key(sender: sender, id: id)) else {
            return violate("peer \(peer.me) handles message \(id.rawValue) of peer \(sender) once more")
        }
        if entry.isGivenUp { mint(entry.weight, from: sender, to: peer.me, heldAlsoBy: sender) }
    }

    /// A message has come back to its sender.
    private func takeBack(_ id: MessageID, by peer: SimulatedPeer, hasDoubtRunOut: Bool) {
        let key = MessageBook.Key(sender: peer.me, id: id)
        guard let entry = hasDoubtRunOut ? openNetwork?.book.giveUp(key) : openNetwork?.book.close(key) else {
            return violate("message \(id.rawValue) comes back to peer \(peer.me) once more")
        }
        guard entry.isHandled else { return }
        guard hasDoubtRunOut else {
            return violate("message \(id.rawValue) comes back to peer \(peer.me), and \(entry.receiver) has handled it")
        }
        mint(entry.weight, from: peer.me, to: entry.receiver, heldAlsoBy: entry.receiver)
    }

    /// A message's weight is there twice, since a doubt ran out: less what one of the two has taken with it when it
    /// died.
    private func mint(_ weight: Double, from sender: PeerID, to receiver: PeerID, heldAlsoBy other: PeerID) {
        // It was taken out of what is under way a second time.
        ledger.carry(weight)
        let buried = peers[other.rawValue].isAlive ? 0 : min(weight, ledger.balance(of: other))
        ledger.lose(-buried, with: other)
        ledger.mint(weight - buried)
        openNetwork?.book.mint(weight, from: sender, to: receiver)
    }

    /// A peer's life ends, by a crash or because it has left: what it holds is lost, and its links break.
    func endOpenLife(of peer: SimulatedPeer, hasLeft: Bool) {
        guard let network = openNetwork else { return }
        ledger.lose(ledger.mass(of: peer.me), with: peer.me)
        ledger.update(peer.me, [])
        peer.isAlive = false
        peer.pausedUntil = nil
        abandonComputation(of: peer)
        for index in network.linksOf[peer.me.rawValue] {
            let end = network.links[index].end(of: peer.me)
            let other = peers[network.links[index].peers[1 - end].rawValue]
            let wasUp = network.links[index].ends[end] != .down
            openNetwork?.links[index].ends[end] = .down
            forgetStuck(index, end)
            guard other.isAlive else {
                strand(from: peer.me, to: other.me)
                strand(from: other.me, to: peer.me)
                continue
            }
            guard network.links[index].ends[1 - end] != .down else {
                strand(from: peer.me, to: other.me)
                continue
            }
            if wasUp, hasLeft {
                insert(.goodbye, index, to: 1 - end, at: arrival(index, to: 1 - end, byteCount: 64))
            } else if wasUp, random.bernoulli(0.5) {
                // The process died, and its machine says so.
                insert(.reset, index, to: 1 - end, at: arrival(index, to: 1 - end, byteCount: 64))
            }
            let time = max(
                openNetwork?.links[index].lastArrival[1 - end] ?? now,
                now + (settings.network.detectionSeconds * (1 + random.uniform())))
            insert(.death, index, to: 1 - end, at: time)
        }
    }

    /// What one that is gone has sent to another one, and that one will not hear any more, is lost.
    func strand(from sender: PeerID, to receiver: PeerID) {
        let mass = openNetwork?.book.strand(from: sender, to: receiver) ?? 0
        if mass != 0 { ledger.strand(mass, with: sender) }
    }
}
