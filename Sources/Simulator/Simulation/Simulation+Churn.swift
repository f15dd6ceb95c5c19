import Conditions
import Gossip
public import Graphs
import Runtime

/// Crashes, returns, and where the mass of the dead goes.
extension Simulation {
    /// Kills a peer now: what it held is lost, and the others learn of it after the network's detection time.
    public func crash(_ dead: PeerID) {
        let victim = peers[dead.rawValue]
        guard victim.isAlive else { return }
        statistics.crashes += 1
        victim.tracer?.dies()
        if openNetwork != nil { return endOpenLife(of: victim, hasLeft: false) }
        checkThatLittleIsLost(of: victim)
        let session = victim.node.session
        for other in peers where other !== victim { strandBetween(victim, other) }
        ledger.lose(ledger.mass(of: dead), with: dead)
        ledger.update(dead, [])
        tombstones[Tombstone(peer: dead, incarnation: victim.incarnation)] = session
        victim.isAlive = false
        victim.pausedUntil = nil
        abandonComputation(of: victim)
        for other in peers where other.isAlive {
            queue.insert(
                .crash(of: dead, incarnation: victim.incarnation, told: other.me),
                at: now + settings.network.detectionSeconds)
        }
    }

    /// Lets a dead peer come back as it was at its last checkpoint, or at the one before if that is torn.
    public func restart(_ dead: PeerID, isTorn: Bool = false) {
        let peer = peers[dead.rawValue]
        precondition(!peer.isAlive, "peer \(dead) is alive and cannot restart")
        guard let last = peer.checkpoints.last else { preconditionFailure("peer \(dead) was never saved") }
        if isTorn, peer.checkpoints.count > 1 { peer.checkpoints.removeLast() }
        do throws(StateError) {
            try peer.restore(peer.checkpoints.last ?? last)
        } catch {
            preconditionFailure("a checkpoint of the simulator is not read back: \(error)")
        }
        statistics.restarts += 1
        peer.tracer?.marks("restart")
        peer.tracer?.lives()
        peer.isAlive = true
        peer.incarnation += 1
        for other in peers where other !== peer && other.isAlive {
            queue.insert(.crash(of: dead, incarnation: peer.incarnation - 1, told: other.me), at: now)
            schedule(.peerJoined(dead, incarnation: peer.incarnation), for: other.me, at: now)
        }
        for (id, time) in peer.timers.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            setTimer(.algorithm(id), of: peer, at: max(time, now))
        }
        let isComputing = peer.computation.isUnderWay
        let spoken = peer.node.session
        // What it comes back with had been counted as lost, and so had what comes back to it.
        let held = ledger.mass(of: peer.node.algorithm.invariants)
        let returned = spoken.unacknowledgedMetadata { self.handled(by: $0, from: dead, spoken) }
            .reduce(0) { $0 + $1.weight }
        peer.node.beginIncarnation(
            peer.incarnation, handled: { self.handled(by: $0, from: dead, spoken) }, now: peer.clock(at: now))
        ledger.lose(-held - returned, with: dead)
        ledger.carry(returned)
        settle(peer)
        if isComputing { scheduleComputation(of: peer) }
        // One that was down when it was due was not saved then, and one that had finished may have steps to make again.
        peer.savedAt = now
        let isDue = queue.contains { if case .checkpoint(dead) = $0 { true } else { false } }
        if !isDue { scheduleCheckpoint(of: peer) }
        // One after the other, so that at no time everybody seems to be gone.
        for other in peers where other !== peer {
            tell(peer, .peerLeft(other.me))
            if other.isAlive { tell(peer, .peerJoined(other.me, incarnation: other.incarnation)) }
        }
    }

    /// Lets a peer begin that was not there at first.
    func join(_ joiner: PeerID) {
        guard isOpen else { return }
        if openNetwork != nil { return joinOverLinks(joiner) }
        let peer = peers[joiner.rawValue]
        statistics.joins += 1
        peer.isAlive = true
        for other in peers where other !== peer && other.isAlive {
            schedule(.peerJoined(joiner, incarnation: peer.incarnation), for: other.me, at: now)
        }
        for other in peers where other !== peer {
            if !other.isAlive {
                tell(peer, .peerLeft(other.me))
            } else if other.incarnation > 0 || joiners.contains(other.me) {
                tell(peer, .peerJoined(other.me, incarnation: other.incarnation))
            }
        }
        peer.tracer?.marks("joins")
        begin(peer)
        if settings.hasRestarts { checkpoint(peer) }
    }

    /// Draws up the balance when a survivor hears of a crash: what the dead peer had sent and the survivor never
    /// handled is lost; what the dead peer had handled without the survivor's knowing comes back to it all the same.
    func account(_ dead: PeerID, _ incarnation: UInt32, for survivor: SimulatedPeer) {
        guard let tombstone = tombstones[Tombstone(peer: dead, incarnation: incarnation)] else { return }
        ledger.strand(survivor.node.session.massLost(with: tombstone), with: dead)
    }

    /// A peer that comes back has lost an interval between two checkpoints at the most, its pauses apart.
    private func checkThatLittleIsLost(of victim: SimulatedPeer) {
        guard settings.hasRestarts, !victim.node.isFinished, victim.pausedUntil == nil else { return }
        let seconds = now - victim.savedAt
        guard seconds > settings.machines.checkpointSeconds + 1e-6 else { return }
        violate("peer \(victim.me) was not saved for \(seconds) s before it died")
    }

    /// Nobody will hear of what was under way between two lives that are over. The other peer may have begun another
    /// one since, of which the victim had not heard when it died.
    private func strandBetween(_ victim: SimulatedPeer, _ other: SimulatedPeer) {
        for incarnation in 0...other.incarnation {
            guard let tombstone = tombstones[Tombstone(peer: other.me, incarnation: incarnation)] else { continue }
            ledger.strand(victim.node.session.massStranded(with: tombstone), with: other.me)
        }
    }

    /// The place up to which a peer had handled the messages of another one's saved life.
    private func handled(by receiver: PeerID, from sender: PeerID, _ spoken: Session) -> UInt64 {
        let incarnation = spoken.incarnation(of: receiver)
        let other = peers[receiver.rawValue]
        let session =
            other.incarnation == incarnation && other.isAlive
            ? other.node.session : tombstones[Tombstone(peer: receiver, incarnation: incarnation)]
        guard let session, session.incarnation(of: sender) == spoken.incarnation else { return .max }
        return session.handled(from: sender)
    }
}
