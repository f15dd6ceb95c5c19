import Conditions
import Gossip
import Graphs
import Randomness
import Runtime

/// What keeps the links of an open network from carrying anything.
extension Simulation {
    /// Some way has been cut just now. What is under way gets through for up to the time that it takes; whoever hears
    /// nothing any more notices after the silence, each at a moment of its own.
    func cutLinks() {
        guard let network = openNetwork else { return }
        let faults = schedule.active(at: now)
        for (index, link) in network.links.enumerated() {
            for end in 0...1 where link.passUntil[end] == .distantFuture {
                guard faults.isCut(from: link.peers[1 - end], to: link.peers[end]) else { continue }
                let since = openNetwork?.links[index].cutSince ?? now
                openNetwork?.links[index].cutSince = since
                openNetwork?.links[index].passUntil[end] =
                    now + (random.uniform() * settings.network.latency.meanSeconds)
                guard link.ends[end] != .down else { continue }
                let seconds = settings.network.detectionSeconds * (1 + random.uniform())
                insert(.silence(since: since), index, to: end, at: now + seconds)
            }
        }
    }

    /// A cut is over. A connection that nobody has given up goes on; where one end has, the other hears of it now.
    func healLinks() {
        guard let network = openNetwork else { return }
        let faults = schedule.active(at: now)
        for (index, link) in network.links.enumerated() where link.cutSince != nil {
            let isFree = (0...1).allSatisfy { !faults.isCut(from: link.peers[1 - $0], to: link.peers[$0]) }
            guard isFree else { continue }
            openNetwork?.links[index].cutSince = nil
            openNetwork?.links[index].passUntil = [.distantFuture, .distantFuture]
            for end in 0...1 {
                if !link.stuck[end].isEmpty { insert(.flush, index, to: end, at: now) }
                guard link.ends[end] != .down, link.ends[1 - end] == .down else { continue }
                let time = max(link.lastArrival[end], now + settings.network.latency.meanSeconds)
                insert(.reset, index, to: end, at: time)
            }
            connect(index)
        }
    }

    /// What had been held back comes now, in its order.
    func flush(_ index: Int, _ end: Int) {
        let events = openNetwork?.links[index].stuck[end] ?? []
        openNetwork?.links[index].stuck[end] = []
        for event in events {
            switch event {
            case .frame(let frame): receiveOverLink(frame)
            case .link(let event, _): carryOut(event)
            default: break
            }
        }
    }

    /// A peer is paused until then: who hears nothing of it for too long gives the connection up, and it finds that out
    /// behind all that has come meanwhile.
    func stallLinks(of peer: PeerID, until end: Time) {
        guard let network = openNetwork else { return }
        for index in network.linksOf[peer.rawValue] {
            let other = 1 - network.links[index].end(of: peer)
            let time = now + (settings.network.detectionSeconds * (1 + random.uniform()))
            if network.links[index].ends[other] != .down, time < end { insert(.stall, index, to: other, at: time) }
        }
    }
}
