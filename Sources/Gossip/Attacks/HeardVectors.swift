import Graphs

/// What a byzantine peer keeps of what honest ones sent to it, beside its algorithm, which may keep the same payloads
/// for itself: each is released when neither needs it any more.
struct HeardVectors: Sendable, Codable {
    private struct Entry: Sendable, Codable {
        let sender: PeerID
        let tag: UInt32
        let round: UInt64
        /// The payload's number. Not its name, since the algorithm may have that.
        let number: UInt64
    }

    /// Whether messages are told apart by their rounds and tags, as in algorithms whose peers wait for each other.
    /// Others take whatever came last.
    private let isByRound: Bool
    /// In the order of coming.
    private var entries: [Entry] = []
    /// Payloads that the algorithm has never kept, or has released.
    private var own: [PayloadID] = []
    /// The round under way: what is sent in it is made of earlier ones.
    private var round: UInt64 = 0

    init(isByRound: Bool) { self.isByRound = isByRound }

    /// A payload has come, which the algorithm has not seen yet.
    mutating func add(_ payload: PayloadID, from sender: PeerID, _ metadata: Metadata) {
        entries.append(
            Entry(sender: sender, tag: metadata.tag, round: metadata.round, number: payload.rawValue))
        own.append(payload)
    }

    /// The algorithm keeps a payload, and will release it.
    mutating func isKept(_ payload: PayloadID) { own.removeAll { $0 == payload } }

    /// The algorithm releases a payload; false where it is still needed, and must not be.
    mutating func mayRelease(_ payload: PayloadID) -> Bool {
        guard entries.contains(where: { $0.number == payload.rawValue }) else { return true }
        own.append(payload)
        return false
    }

    /// What was heard last of each peer, ascending, for a message of that kind: of the rounds before this one, since
    /// whoever is quicker may be heard in it already.
    mutating func latest(for metadata: Metadata) -> [(peer: PeerID, vector: Vector)] {
        round = max(round, metadata.round)
        var latest: [PeerID: UInt64] = [:]
        for entry in entries where !isByRound || (entry.tag == metadata.tag && entry.round < metadata.round) {
            latest[entry.sender] = entry.number
        }
        return latest.sorted { $0.key < $1.key }.map { ($0.key, .received(PayloadID(rawValue: $0.value))) }
    }

    /// Lets go of what a later one has taken the place of.
    mutating func forgetOld(_ effects: inout Effects) {
        let (isByRound, round) = (isByRound, round)
        forget(&effects) { index, entries in
            let entry = entries[index]
            return entries[(index + 1)...].contains {
                $0.sender == entry.sender && (!isByRound || ($0.tag == entry.tag && $0.round < round))
            }
        }
    }

    /// Lets go of what a peer sent.
    mutating func forget(_ peer: PeerID, _ effects: inout Effects) {
        forget(&effects) { index, entries in entries[index].sender == peer }
    }

    /// Lets go of everything.
    mutating func forgetAll(_ effects: inout Effects) { forget(&effects) { _, _ in true } }

    private mutating func forget(_ effects: inout Effects, where isOld: (Int, [Entry]) -> Bool) {
        let old = entries.indices.filter { isOld($0, entries) }
        guard !old.isEmpty else { return }
        for index in old {
            let payload = PayloadID(rawValue: entries[index].number)
            guard let place = own.firstIndex(of: payload) else { continue }
            own.remove(at: place)
            effects.release(payload)
        }
        let gone = Set(old)
        entries = entries.indices.filter { !gone.contains($0) }.map { entries[$0] }
    }
}
