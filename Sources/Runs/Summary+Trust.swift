package import Gossip
package import Graphs
package import Records

extension Summary {
    /// Notes how honest peers came to trust their neighbours, where they judge them.
    package mutating func note(trust standings: [PeerID: [TrustStanding]], byzantinePeers: [PeerID]) {
        let byzantine = Set(byzantinePeers)
        trust = TrustSummary(
            standings.filter { !byzantine.contains($0.key) }.sorted { $0.key < $1.key }.flatMap { $0.value }.map {
                TrustSummary.Edge(
                    isByzantine: byzantine.contains($0.peer), trust: $0.trust, firstRest: $0.firstRest)
            })
    }
}
