public import Gossip

/// Handling that is watched. Without a tracer it costs a comparison.
extension Node {
    /// Handles one arrival. Whoever calls it tells the tracer when all that follows has been carried out.
    public mutating func handle(_ inbound: Inbound, now: Time, tracer: (any PeerTracer)?) {
        guard let tracer else { return handle(inbound, now: now) }
        tracer.beginsHandling()
        guard case .frame(let frame) = inbound else { return handle(inbound, now: now) }
        let isHeard =
            session.hears(frame.from, incarnation: frame.incarnations.from)
            && frame.incarnations.to == (session.isByLinks ? frame.incarnations.from : session.incarnation)
        let before = session.handled(from: frame.from)
        handle(inbound, now: now)
        let after = session.handled(from: frame.from)
        if !isHeard {
            tracer.dropped(frame)
        } else if after > before {
            tracer.handled(frame, places: before + 1...after)
        }
    }

    /// What the node does until something comes.
    public var activity: PeerActivity { isFinished ? .finished : isComputing ? .computing : .waiting }
}
