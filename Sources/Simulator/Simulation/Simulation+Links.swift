import Graphs
import Runtime
import Vectors

extension Simulation {
    /// Checks that both ends of every link that compresses know the same, once everything has come: what a peer was
    /// told is what it has heard, to the bit.
    func checkReplicas() {
        guard queue.nextTime == nil else { return }
        for teller in peers where teller.isAlive && teller.node.abandonment == nil {
            for (key, told) in teller.node.replicasTold {
                let listener = peers[key.peer.rawValue]
                guard listener.isAlive, listener.node.abandonment == nil,
                    teller.node.session.hears(listener.me, incarnation: listener.incarnation),
                    listener.node.session.hears(teller.me, incarnation: teller.incarnation)
                else { continue }
                let heard = listener.node.replicaHeard(of: key.tag, from: teller.me)
                if heard?.array().map(\.bitPattern) != told.array().map(\.bitPattern) {
                    violate("peer \(listener.me) knows another thing of peer \(teller.me) than it was told")
                    return
                }
            }
        }
    }
}
