import Conditions
import Gossip
import Graphs
import Randomness
public import Runtime
import Vectors

extension Simulation {
    /// The world as it is now, for `restore` in another one of the same settings and peers.
    public func state() -> SimulationState {
        var table = PayloadTable()
        let arrivals = queue.sorted.compactMap { entry -> SimulationState.Arrival? in
            guard let content = SimulationState.Arrival.Content(entry.simulationEvent, &table) else { return nil }
            return SimulationState.Arrival(time: entry.time, number: entry.number, content: content)
        }
        let saved = peers.map { peer in
            SimulationState.Peer(
                saved: peer.saved(), checkpoints: peer.checkpoints, isAlive: peer.isAlive,
                incarnation: peer.incarnation, clockOffset: peer.clockOffset, pausedUntil: peer.pausedUntil,
                computingTime: peer.computingTime, timeline: peer.timeline, computingSince: peer.computingSince,
                lastStepAt: peer.lastStepAt, savedAt: peer.savedAt)
        }
        let order = tombstones.keys.sorted { ($0.peer, $0.incarnation) < ($1.peer, $1.incarnation) }
        var dead: [SimulationState.Tombstone] = []
        for tombstone in order {
            guard let session = tombstones[tombstone] else { continue }
            dead.append(
                SimulationState.Tombstone(
                    peer: tombstone.peer, incarnation: tombstone.incarnation, session: session.state(&table)))
        }
        return SimulationState(
            now: now, statistics: statistics, random: random, insertions: queue.insertions, links: links,
            ledger: ledger, peers: saved, tombstones: dead, arrivals: arrivals,
            payloads: table.numbers)
    }

    /// Goes on from such a state, in place of `start`: with as many peers as there were, and their learners and
    /// optimizers made as they were.
    public func restore(_ state: SimulationState) throws(StateError) {
        guard state.peers.count == peers.count else {
            throw StateError("the state has \(state.peers.count) peers, and there are \(peers.count)")
        }
        let table = try PayloadTable(state.payloads)
        for (peer, saved) in zip(peers, state.peers) {
            try peer.restore(saved.saved)
            peer.checkpoints = saved.checkpoints
            peer.isAlive = saved.isAlive
            peer.incarnation = saved.incarnation
            peer.clockOffset = saved.clockOffset
            peer.pausedUntil = saved.pausedUntil
            peer.computingTime = saved.computingTime
            peer.timeline = saved.timeline
            peer.computingSince = saved.computingSince
            peer.lastStepAt = saved.lastStepAt
            peer.savedAt = saved.savedAt
            peer.waiting = []
        }
        queue = EventQueue()
        for arrival in state.arrivals {
            let simulationEvent = try arrival.content.simulationEvent(table)
            queue.insert(simulationEvent, at: arrival.time, number: arrival.number)
            if case .frame(let frame) = simulationEvent, peers.indices.contains(frame.to.rawValue),
                peers[frame.to.rawValue].pausedUntil == arrival.time
            {
                peers[frame.to.rawValue].waiting.insert(FrameKey(frame))
            }
        }
        queue.insertions = state.insertions
        tombstones = [:]
        for tombstone in state.tombstones {
            var session = Session(me: tombstone.peer, retransmissionSeconds: nil, incarnation: tombstone.incarnation)
            try session.restore(tombstone.session, table)
            tombstones[Tombstone(peer: tombstone.peer, incarnation: tombstone.incarnation)] = session
        }
        now = state.now
        statistics = state.statistics
        random = state.random
        links = state.links
        ledger = state.ledger
    }
}
