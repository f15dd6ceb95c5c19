import Gossip
public import Graphs
public import Vectors

extension Node {
    /// A vector as it travels to that peer: as it is, or as the link compresses it.
    mutating func packed(_ vector: Vector, _ metadata: Metadata, to peer: PeerID, _ id: MessageID) -> Payload {
        let payload = snapshot(vector, nil)
        return links?.pack(payload, isModel: vector == .model, to: peer, tag: metadata.tag, id: id) ?? payload
    }

    /// What a message brings, nil within nil for nothing. From one that says what no peer of this run can have sent
    /// there is no way on.
    mutating func opened(_ payload: Payload?, from peer: PeerID, _ metadata: Metadata) -> Payload?? {
        guard let payload, payload.isPacked else { return .some(payload) }
        if let vector = links?.unpack(payload, from: peer, tag: metadata.tag) { return .some(vector) }
        isFinished = true
        abandonment = abandonment ?? "what peer \(peer) has sent compressed cannot be read"
        return .none
    }

    /// The value of a message to that peer which comes back.
    func takenBack(_ payload: Payload, from peer: PeerID, _ metadata: Metadata) -> Payload? {
        payload.isPacked ? links?.returned(payload, to: peer, tag: metadata.tag) : payload
    }

    /// A peer's number is to be another one's, in an open network: its link is down, and nothing in doubt any more.
    public mutating func forget(_ peer: PeerID) { session.forget(peer) }

    /// What others know of this peer's vectors, where links have error feedback: for checkers.
    public var replicasTold: [(key: LinkKey, replica: Payload)] {
        guard let links, links.settings.hasFeedback else { return [] }
        return zip(links.told.keys, links.told.values).map { ($0, $1.replica) }
    }

    /// What this peer knows of another one's vector of that tag: for checkers.
    public func replicaHeard(of tag: UInt32, from peer: PeerID) -> Payload? {
        links?.heard[LinkKey(peer: peer, tag: tag)]
    }

    /// Combines terms some of which are differences from replicas: those from the same one in one pass.
    mutating func combine(into target: Int, range: Range<Int>, _ terms: [VectorStore.Term]) {
        let first = terms.first { $0.origin != nil }?.origin
        var rest = terms.filter { $0.origin != nil && $0.origin != first }
        guard !rest.isEmpty else { return vectors.combine(into: target, range: range, terms) }
        vectors.combine(into: target, range: range, terms.filter { $0.origin == nil || $0.origin == first })
        let own = VectorStore.Term(weight: 1, source: .slot(target, range))
        while let origin = rest.first?.origin {
            vectors.combine(into: target, range: range, [own] + rest.filter { $0.origin == origin })
            rest.removeAll { $0.origin == origin }
        }
    }
}
