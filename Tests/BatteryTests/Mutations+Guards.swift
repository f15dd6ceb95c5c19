import Graphs

@testable import Gossip

/// Mistakes where neighbours are judged, and where links compress.
extension Mutation {
    static let guards = [
        report("one's own trust is taken for both ends'") { TrustReport($0, level: TrustReport.levels) },
        report("a neighbour's other edges do not count") { TrustReport($0, levelSum: 0) },
        report("a neighbour's limit does not count") { TrustReport($0, limit: DistanceLimit(1e30)) },
        Mutation(name: "a report is believed at once", algorithm: "dpsgd+trust") { memory, event, _, base in
            var told = event
            if case .received(.none, var metadata, let peer) = event {
                metadata.round = UInt64(memory.count)
                told = .received(nil, metadata: metadata, from: peer)
            }
            let effects = base(told)
            for case .combine(.model, _, _) in effects { memory.count += 1 }
            return effects
        },
        Mutation(
            name: "a report is believed whatever was seen", algorithm: "dpsgd+slandered",
            step: { _, event, _, base in base(event) }, number: ("deviation", "1")),
        effects("a model is mixed where its replica should be", of: "choco+compressed") { _, effect in
            mixed(effect) { term in
                if case .told = term.origin { Term(term.weight, term.vector, minus: .model) } else { term }
            }
        },
        // Neighbours are at most 12; no algorithm over thin links has so many vectors.
        effects("a replica at one's own end is a message late", of: "dpsgd+compressed") { _, effect in
            guard case .combine(.model, _, let terms) = effect else { return [effect] }
            func late(_ peer: PeerID) -> Vector { .named(UInt8(8 + peer.rawValue)) }
            let peers = terms.compactMap { if case .told(let peer, _) = $0.origin { peer } else { nil } }
            return mixed(effect) { term in
                if case .told(let peer, _) = term.origin {
                    Term(term.weight, term.vector, minus: late(peer))
                } else {
                    term
                }
            } + peers.map { .combine(into: late($0), part: nil, [Term(1, .told($0, tag: 0))]) }
        },
        Mutation(
            name: "mixing goes the whole way over thin links", algorithm: "choco+compressed",
            step: { _, event, _, base in base(event) }, number: ("linkRate", "1")),
    ]

    private static func mixed(_ effect: Effect, _ change: (Term) -> Term) -> [Effect] {
        guard case .combine(.model, let part, let terms) = effect else { return [effect] }
        return [.combine(into: .model, part: part, terms.map(change))]
    }

    /// Changes what a neighbour tells before the peer hears of it.
    private static func report(
        _ name: String, _ change: @escaping @Sendable (TrustReport) -> TrustReport
    ) -> Mutation {
        events(name, of: "dpsgd+trust") { _, event in
            guard case .received(.none, let metadata, let peer) = event else { return event }
            let told = change(TrustReport(metadata)).metadata(round: metadata.round)
            return .received(nil, metadata: told, from: peer)
        }
    }
}

extension TrustReport {
    /// Another report with one of its parts changed.
    fileprivate init(
        _ other: TrustReport, level: Int? = nil, levelSum: Int? = nil, limit: DistanceLimit? = nil
    ) {
        self.init(
            level: level ?? other.level, levelSum: levelSum ?? other.levelSum, wasKept: other.wasKept,
            limit: limit ?? other.limit, opinion: other.opinion)
    }
}
