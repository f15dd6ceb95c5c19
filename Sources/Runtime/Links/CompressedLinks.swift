import Compression
import Gossip
import Graphs
import Randomness
import Vectors

/// The links of a peer that compress: what its neighbours know of it, what it knows of them, and the way from a vector
/// to a message and back.
///
/// With error feedback a message holds what the vector has more than the replica that both ends have of it, compressed;
/// both add to the replica what the message says, so that it comes after the vector, and what one message leaves out is
/// in the next. The session hands messages over once and in order, so the replicas stay the same to the bit. They are
/// those of one life of both ends: in another one the first message is the whole vector.
///
/// Vectors that several neighbours know alike are compressed once: they share message and replica.
struct CompressedLinks: Sendable {
    /// What a neighbour knows of a vector of this peer.
    struct Told: Sendable {
        var replica: Payload
        /// What the compressor remembers of the link.
        var memory = CompressionMemory()
    }

    /// What went out in the event under way, to be sent to others too.
    private struct Sent: Sendable {
        let source: Payload
        let base: Payload?
        let tag: UInt32
        let packed: Payload
        let told: Told
    }

    let settings: LinkSettings
    private let me: PeerID
    private let pool: PayloadPool
    /// The model that all peers begin with; nil where there is none, or in another life of this peer.
    private(set) var start: Payload?
    /// What the neighbours know, and what is known of them.
    var told = SortedTable<LinkKey, Told>()
    var heard = SortedTable<LinkKey, Payload>()
    /// Who has another life behind it, and knows nothing of what all began with.
    var strangers: Set<PeerID> = []
    private(set) var isReborn = false
    private var sent: [Sent] = []

    init(_ settings: LinkSettings, me: PeerID, start: Payload, pool: PayloadPool) {
        self.settings = settings
        self.me = me
        self.pool = pool
        self.start = settings.hasCommonStart && settings.hasFeedback ? start : nil
    }

    /// What that peer knows of the vector of that tag; nil before the first message to it.
    func replica(of tag: UInt32, at peer: PeerID) -> Payload? { told[LinkKey(peer: peer, tag: tag)]?.replica }

    // MARK: Out

    /// The message that brings a vector to a peer, and the replica as it is then.
    ///
    /// - Parameter isModel: Whether it is the model, of which all may know the start.
    mutating func pack(_ source: Payload, isModel: Bool, to peer: PeerID, tag: UInt32, id: MessageID) -> Payload {
        let key = LinkKey(peer: peer, tag: tag)
        let known = told[key]
        let first = isModel && !strangers.contains(peer) ? start : nil
        let base = settings.hasFeedback ? known?.replica ?? first : nil
        if let twin = sent.first(where: { $0.source === source && $0.base === base && $0.tag == tag }) {
            told[key] = settings.keepsReplicas ? twin.told : nil
            return twin.packed
        }
        let (packed, next) = pack(source, after: base, known?.memory ?? CompressionMemory(), number: id)
        if settings.keepsReplicas { told[key] = next }
        sent.append(Sent(source: source, base: base, tag: tag, packed: packed, told: next))
        return packed
    }

    private func pack(
        _ source: Payload, after base: Payload?, _ memory: CompressionMemory, number: MessageID
    ) -> (packed: Payload, told: Told) {
        guard settings.hasFeedback || source.count == settings.layout.count else {
            preconditionFailure("a vector of \(source.count) numbers on a link for \(settings.layout.count)")
        }
        if settings.hasFeedback, base == nil {
            return (Packing.whole(source, pool), Told(replica: source))
        }
        var stream = RandomStream(
            seed: settings.seed, purpose: .compression, peer: me.rawValue, round: number.rawValue)
        var memory = memory
        let compressed = (base.map { difference(source, $0) } ?? source).read { numbers in
            settings.compressor.compress(numbers, layout: settings.layout, stream: &stream, memory: &memory)
        }
        let packed = Packing.packed(compressed, form: base == nil ? .alone : .difference, pool)
        guard settings.keepsReplicas else { return (packed, Told(replica: source)) }
        guard let replica = Packing.unpacked(compressed, onto: base, settings, pool) else {
            preconditionFailure("a vector was compressed to what is none")
        }
        return (packed, Told(replica: replica, memory: memory))
    }

    private func difference(_ vector: Payload, _ base: Payload) -> Payload {
        pool.payload(count: vector.count) { target in
            vector.read { vector in
                base.read { base in
                    for index in vector.indices { target[index] = vector[index] - base[index] }
                }
            }
        }
    }

    /// The event is over: vectors change.
    mutating func forgetSent() { sent.removeAll(keepingCapacity: true) }

    // MARK: In

    /// The vector that a message brings; nil for one that no peer can have sent.
    mutating func unpack(_ packed: Payload, from peer: PeerID, tag: UInt32) -> Payload? {
        let key = LinkKey(peer: peer, tag: tag)
        guard let (form, content) = Packing.content(of: packed, pool) else { return nil }
        switch (form, content) {
        case (.whole, .vector(let vector)):
            guard vector.count == settings.layout.count else { return nil }
            if settings.hasFeedback { heard[key] = vector }
            return vector
        case (.alone, .compressed(let compressed)):
            return Packing.unpacked(compressed, onto: nil, settings, pool)
        case (.difference, .compressed(let compressed)):
            guard settings.hasFeedback, let base = heard[key] ?? start,
                let vector = Packing.unpacked(compressed, onto: base, settings, pool)
            else { return nil }
            heard[key] = vector
            return vector
        default: return nil
        }
    }

    /// What was sent with a message that comes back.
    func returned(_ packed: Payload, to peer: PeerID, tag: UInt32) -> Payload? {
        if let replica = replica(of: tag, at: peer) { return replica }
        guard case (.alone, .compressed(let compressed))? = Packing.content(of: packed, pool) else { return nil }
        return Packing.unpacked(compressed, onto: nil, settings, pool)
    }

    // MARK: Lives

    /// The peer is gone: nothing comes from it any more. What it was told is kept for the round under way.
    mutating func fence(_ peer: PeerID) {
        for key in heard.keys where key.peer == peer { heard[key] = nil }
    }

    /// The peer begins another life.
    mutating func admit(_ peer: PeerID) {
        fence(peer)
        for key in told.keys where key.peer == peer { told[key] = nil }
        strangers.insert(peer)
    }

    /// This peer itself begins another life.
    mutating func beginIncarnation() {
        restore(told: SortedTable(), heard: SortedTable(), strangers: [], isReborn: true)
    }

    /// Goes on with these replicas.
    mutating func restore(
        told: SortedTable<LinkKey, Told>, heard: SortedTable<LinkKey, Payload>, strangers: Set<PeerID>, isReborn: Bool
    ) {
        (self.told, self.heard, self.strangers) = (told, heard, strangers)
        self.isReborn = isReborn
        if isReborn { start = nil }
        sent = []
    }
}
