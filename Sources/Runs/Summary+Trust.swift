package import Gossip
package import Graphs
import Records

extension Summary {
    /// Notes how honest peers came to trust their neighbours, where they judge them; after who is byzantine.
    package mutating func note(trust standings: [PeerID: [TrustStanding]]) {
        let byzantine = Set((byzantinePeers ?? []).map { PeerID($0) })
        trust = TrustSummary(
            standings.filter { !byzantine.contains($0.key) }.sorted { $0.key < $1.key }.flatMap { $0.value }.map {
                TrustSummary.Edge(
                    isByzantine: byzantine.contains($0.peer), trust: $0.trust, firstRest: $0.firstRest)
            })
    }
}
