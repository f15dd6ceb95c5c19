import Conditions
import Gossip
import Graphs
import Randomness
import Runtime
import Vectors
import Wire

/// Connections of an open network: how they are made, what goes over them, how they break.
extension Simulation {
    /// Tries to connect every link that is down, of one peer or of all.
    func dial(linksOf peer: PeerID? = nil) {
        guard let network = openNetwork else { return }
        for link in peer.map({ network.linksOf[$0.rawValue] }) ?? Array(network.links.indices) { connect(link) }
    }

    /// Connects a link whose ends are both down, where both peers are there and the way is free. Both greet at once.
    func connect(_ index: Int) {
        guard let network = openNetwork else { return }
        let link = network.links[index]
        let both = link.peers.map { peers[$0.rawValue] }
        let isFree = link.cutSince == nil && both.allSatisfy { $0.isAlive && $0.pausedUntil == nil }
        guard link.isDown, isFree else { return }
        statistics.connections += 1
        openNetwork?.links[index].connection += 1
        openNetwork?.links[index].ends = [.greeting, .greeting]
        openNetwork?.links[index].stuck = [[], []]
        openNetwork?.links[index].lastArrival = [now, now]
        for (end, peer) in both.enumerated() {
            let place = network.place(of: link.peers[1 - end], at: peer.me)
            let greeting = peer.node.session.greeting(for: place)
            insert(.greeting(greeting), index, to: 1 - end, at: arrival(index, to: 1 - end, byteCount: 64))
        }
    }

    /// When so many bytes that are sent now come to an end of the link, behind all that was sent before. What the
    /// network loses is sent again below, and only takes longer.
    func arrival(_ index: Int, to end: Int, byteCount: Int) -> Time {
        guard let link = openNetwork?.links[index] else { return now }
        let departure = links.departure(
            from: link.peers[1 - end], to: link.peers[end], byteCount: byteCount, now: now)
        let time = max(
            departure + (settings.network.latency.seconds(&random) + repeatedSeconds()), link.lastArrival[end])
        openNetwork?.links[index].lastArrival[end] = time
        return time
    }

    /// How much longer the network takes for what it loses or corrupts on the way, and for what a fault delays.
    private func repeatedSeconds() -> Double {
        let faults = schedule.active(at: now)
        let arrives =
            (1 - settings.network.loss) * (1 - faults.dropProbability) * (1 - faults.corruptProbability)
        var (seconds, patience) = (faults.delaySeconds(&random), 4 * settings.network.latency.meanSeconds + 0.001)
        for _ in 0..<12 where arrives < 1 {
            guard !random.bernoulli(arrives) else { break }
            seconds += patience
            patience = min(2 * patience, 1)
        }
        return seconds
    }

    func insert(_ kind: LinkEvent.Kind, _ index: Int, to end: Int, at time: Time) {
        guard let link = openNetwork?.links[index] else { return }
        let event = LinkEvent(link: index, end: end, connection: link.connection, kind: kind)
        queue.insert(.link(event, for: link.peers[end]), at: time)
    }

    func transmitOverLink(_ frame: Frame) {
        guard let network = openNetwork else { return }
        if frame.isMessage { statistics.messages += 1 }
        let index = network.link(between: frame.from, and: frame.to)
        let end = network.links[index].end(of: frame.to)
        guard network.links[index].ends[1 - end] == .up else { return drop(frame) }
        queue.insert(.frame(frame), at: arrival(index, to: end, byteCount: frame.encodedByteCount))
    }

    func receiveOverLink(_ frame: Frame) {
        guard let network = openNetwork else { return }
        let (index, peer) = (network.link(between: frame.from, and: frame.to), peers[frame.to.rawValue])
        let end = network.links[index].end(of: frame.to)
        guard peer.isAlive else { return drop(frame) }
        if network.links[index].holdsBack(from: end, at: now) {
            openNetwork?.links[index].stuck[end].append(.frame(frame))
            return
        }
        guard network.links[index].ends[end] == .up else { return drop(frame) }
        if frame.isMessage { statistics.delivered += 1 }
        tell(peer, .frame(network.placed(frame)))
    }

    func carryOut(_ event: LinkEvent) {
        guard let link = openNetwork?.links[event.link], peers[link.peers[event.end].rawValue].isAlive else { return }
        if case .dial = event.kind { return connect(event.link) }
        if case .doubtOver = event.kind { return endDoubt(event) }
        guard link.connection == event.connection, link.ends[event.end] != .down else { return }
        let isHeldBack = link.holdsBack(from: event.end, at: now)
        switch event.kind {
        case .greeting, .goodbye:
            guard !isHeldBack else {
                openNetwork?.links[event.link].stuck[event.end].append(.link(event, for: link.peers[event.end]))
                return
            }
            if case .greeting(let greeting) = event.kind { return bringUp(event.link, event.end, greeting) }
            let (place, peer) = placeAndPeer(event.link, event.end)
            lose(event.link, event.end)
            // Who has left will handle nothing more.
            if peer.isAlive { tell(peer, .doubtOver(place)) }
        case .flush: flush(event.link, event.end)
        case .reset: if !isHeldBack { lose(event.link, event.end) }
        case .silence(let since): if link.cutSince == since { lose(event.link, event.end) }
        case .stall: if peers[link.peers[1 - event.end].rawValue].pausedUntil != nil { lose(event.link, event.end) }
        case .death: lose(event.link, event.end)
        case .dial, .doubtOver: break
        }
    }

    private func placeAndPeer(_ index: Int, _ end: Int) -> (place: PeerID, peer: SimulatedPeer) {
        guard let network = openNetwork else { preconditionFailure("a closed network has no links") }
        let (me, other) = (network.links[index].peers[end], network.links[index].peers[1 - end])
        return (network.place(of: other, at: me), peers[me.rawValue])
    }

    /// An end has heard the other's greeting.
    private func bringUp(_ index: Int, _ end: Int, _ greeting: LinkSession.Greeting) {
        guard let link = openNetwork?.links[index], link.ends[end] == .greeting else { return }
        openNetwork?.links[index].ends[end] = .up
        openNetwork?.links[index].upOver[end] = link.connection
        let (place, peer) = placeAndPeer(index, end)
        let before = peer.node.session.mintedMass
        tell(peer, .linkUp(place, greeting))
        let learned = peer.node.session.mintedMass - before
        let minted = openNetwork?.book.takeUnlearned(from: peer.me, to: link.peers[1 - end]) ?? 0
        if abs(learned - minted) > 1e-12 {
            violate("peer \(peer.me) learns that \(learned) of mass was minted, and \(minted) was")
        }
        if openNetwork?.begun.insert(peer.me).inserted == true { begin(peer) }
    }

    /// The connection has broken for one end. The other one hears of that, where the way is free.
    private func lose(_ index: Int, _ end: Int) {
        guard let link = openNetwork?.links[index] else { return }
        let (place, peer) = placeAndPeer(index, end)
        let other = peers[link.peers[1 - end].rawValue]
        openNetwork?.links[index].ends[end] = .down
        forgetStuck(index, end)
        if link.ends[end] == .up {
            statistics.linkBreaks += 1
            insert(.doubtOver, index, to: end, at: now + (openNetwork?.settings.doubtSeconds ?? 0))
            tell(peer, .linkDown(place))
        }
        if !other.isAlive { strand(from: other.me, to: peer.me) }
        if link.ends[1 - end] != .down, other.isAlive {
            let time = max(link.lastArrival[1 - end], now + settings.network.latency.meanSeconds)
            insert(.reset, index, to: 1 - end, at: time)
        }
        if openNetwork?.links[index].isDown == true {
            let seconds = settings.network.latency.meanSeconds + settings.network.detectionSeconds / 4
            insert(.dial, index, to: end, at: now + (seconds * (1 + random.uniform())))
        }
    }

    /// What had not got through to an end will not any more.
    func forgetStuck(_ index: Int, _ end: Int) {
        for case .frame(let frame) in openNetwork?.links[index].stuck[end] ?? [] { drop(frame) }
        openNetwork?.links[index].stuck[end] = []
    }

    private func endDoubt(_ event: LinkEvent) {
        guard let link = openNetwork?.links[event.link], link.upOver[event.end] == event.connection,
            link.ends[event.end] != .up
        else { return }
        let (place, peer) = placeAndPeer(event.link, event.end)
        statistics.doubtsOver += 1
        tell(peer, .doubtOver(place))
    }
}
