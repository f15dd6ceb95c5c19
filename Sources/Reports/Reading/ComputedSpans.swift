import Records

/// The part of a run's timeline that is drawn: the latest stretch of which the records of all peers tell, short enough
/// for single microbatches to be seen.
struct ComputedSpans: Sendable {
    /// What a peer computed of a microbatch's pass, in seconds of training.
    struct Span: Sendable, Hashable {
        var peer: Int
        var begin: Double
        var end: Double
        var direction: MetricsRecord.Direction
        var microbatch: Int
        var slot: Int
    }

    /// The spans within the stretch, of each peer, by its number.
    let peers: [(peer: Int, spans: [Span])]
    /// From when to when it lasts.
    let range: ClosedRange<Double>

    /// With more peers than this the others are left out.
    static let peerLimit = 200
    private static let spansOfPeer = 40
    private static let spansOfAll = 4000

    /// Nil where there are none. A stretch begins where no peer has more spans than can be told apart. It ends where
    /// the records of one of the busiest peers do, since peers record as many spans each and not as long a time; a run
    /// of few spans is drawn to its end.
    init?(_ spans: [Span]) {
        var byPeer = Dictionary(grouping: spans, by: \.peer)
        for (peer, own) in byPeer { byPeer[peer] = own.sorted { ($0.begin, $0.end) < ($1.begin, $1.end) } }
        let most = byPeer.values.map(\.count).max() ?? 0
        let limit = max(8, min(Self.spansOfPeer, Self.spansOfAll / max(1, byPeer.count)))
        func lastEnds(_ isMeant: (Int) -> Bool) -> [Double] {
            byPeer.values.filter { isMeant($0.count) }.compactMap { $0.map(\.end).max() }
        }
        let limits = most <= limit ? lastEnds { _ in true }.max() : lastEnds { $0 == most }.min()
        guard let end = limits else { return nil }
        let told = byPeer.mapValues { own in Array(own.filter { $0.end <= end }.suffix(limit)) }
        let first = byPeer.values.compactMap { $0.first?.begin }.min() ?? 0
        // Where a peer has more of them, its first one that is drawn says when the stretch begins.
        let begin =
            byPeer.map { peer, own in
                guard let kept = told[peer], kept.count == limit, kept.count < own.count else { return first }
                return kept[0].begin
            }.max() ?? first
        guard begin < end else { return nil }
        range = begin...end
        peers = byPeer.keys.sorted().prefix(Self.peerLimit).map { peer in
            (peer, (told[peer] ?? []).filter { $0.begin >= begin })
        }
    }
}
