public import Gossip
public import Graphs

extension NodeState {
    /// The session's half of the state.
    public var sessionState: Session.State { session }

    /// What the node had done.
    public var done: NodeStatistics { statistics }

    /// Whether the node waits for the time to send again what was not acknowledged.
    public var awaitsRetransmission: Bool { retransmissionAt != nil }

    /// How many payloads the state names: their numbers on the shelf count from 0 up to it.
    public var payloadCount: Int {
        let places =
            received.map(\.value)
            + session.peers.flatMap { ($0.unacknowledged + $0.ahead).compactMap(\.payload) }
            + (edges ?? [:]).values.flatMap { [$0.factors, $0.product].compactMap { $0 } }
            + (links?.payloads ?? [])
        return places.reduce(0) { max($0, $1 < Int.max ? $1 + 1 : $1) }
    }

    /// Throws unless the node can have come to this from `fresh`, the algorithm as it is made for it.
    ///
    /// - Parameters:
    ///   - peers: Learners.
    ///   - nodes: Learners and servers.
    public func audit(
        against fresh: any Algorithm, me: PeerID, peers: Int, nodes: Int
    ) throws(StateError) {
        var audit = StateAudit(nodes: nodes)
        let averages = RingAverage(me: me, peers: peers)
        let complaint =
            audit.complaint(about: algorithm.algorithm, named: "algorithm.state", against: fresh)
            ?? audit.complaint(about: averaging, named: "averaging", against: averages)
        if let complaint { throw StateError(complaint) }
        var named: Set<PayloadID> = []
        for payload in audit.payloads {
            guard received[payload.rawValue] != nil else {
                throw StateError("payload \(payload.rawValue) is named, and nobody holds it")
            }
            guard named.insert(payload).inserted else {
                throw StateError("payload \(payload.rawValue) is named twice")
            }
        }
        if let payload = received.keys.filter({ !named.contains(PayloadID(rawValue: $0)) }).min() {
            throw StateError("payload \(payload) is held, and nobody names it")
        }
        let sent = session.peers.flatMap { $0.unacknowledged.compactMap { $0.id?.rawValue } }
        guard lastMessage <= StateAudit.countLimit, max(audit.lastMessage, sent.max() ?? 0) <= lastMessage else {
            throw StateError("'lastMessage' is \(lastMessage), and a message has a greater number")
        }
        guard payloadsReceived <= StateAudit.countLimit,
            received.keys.allSatisfy({ (1...max(payloadsReceived, 1)).contains($0) })
        else { throw StateError("'payloadsReceived' is \(payloadsReceived), and a payload has a greater number") }
        var counts = StateAudit(nodes: nodes)
        if let complaint = counts.complaint(about: statistics, named: "statistics", against: nil) {
            throw StateError(complaint)
        }
        guard statistics.isPositive else { throw StateError("'statistics' holds a negative count") }
        try checkPasses(nodes: nodes)
        for (peer, edge) in edges ?? [:]
        where !(0..<nodes).contains(peer) || edge.round > StateAudit.countLimit {
            throw StateError("'edges' has one to peer \(peer) of \(edge.round) exchanges")
        }
        try links?.check(nodes: nodes)
        switch averaged {
        case .received, .told: throw StateError("'averaged' is a payload")
        case .model, .gradient, .named: break
        }
        if case .named(let number) = averaged, number >= Slot.namedLimit {
            throw StateError("'averaged' is vector number \(number)")
        }
    }
}

extension NodeState {
    /// Throws for passes that no node has under way at once.
    fileprivate func checkPasses(nodes: Int) throws(StateError) {
        guard let passes else { return }
        guard !isGradientAway || passes.computing == nil else {
            throw StateError("'passes' and a gradient are computed at once")
        }
        for pass in passes.underWay
        where pass.microbatch > StateAudit.countLimit || !(0..<nodes).contains(pass.slot) {
            throw StateError("'passes.underWay' has one of microbatch \(pass.microbatch), slot \(pass.slot)")
        }
        guard Set(passes.underWay).count == passes.underWay.count else {
            throw StateError("'passes.underWay' has a pass twice")
        }
        guard passes.computing.map(passes.underWay.contains) != false else {
            throw StateError("'passes.computing' is not under way")
        }
    }
}

extension NodeStatistics {
    fileprivate var isPositive: Bool {
        min(samples, messagesSent, messagesReceived, bytesSent) >= 0
            && sent.values.allSatisfy { $0.messages >= 0 && $0.bytes >= 0 }
    }
}
