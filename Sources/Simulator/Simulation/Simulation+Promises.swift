import Gossip
import Graphs
import Runtime

/// What is checked after events.
extension Simulation {
    func checkNumbers(of peer: SimulatedPeer, loss: Float, step: UInt64) {
        guard !hasByzantinePeers, divergence == nil, !loss.isFinite || !peer.node.isFinite(.model) else { return }
        divergence = (peer.me, step)
    }

    func checkStep(of peer: SimulatedPeer) {
        guard violations.isEmpty, let graph = settings.lockStepGraph, peer.me.rawValue < learners else { return }
        let steps = peer.node.statistics.steps
        guard steps > 1, peer.incarnation == 0 else { return }
        // Who has made step n has mixed in the round of n - 2, and computed one gradient more while it waits.
        for other in graph.senders(to: peer.me, round: steps - 2) where stepsMade[other.rawValue] + 2 < steps {
            let (sender, theirs) = (peers[other.rawValue], peers[other.rawValue].node.statistics.steps)
            if sender.isAlive, sender.incarnation == 0, !joiners.contains(other), theirs + 2 < steps {
                violate("peer \(peer.me) has made \(steps) steps, and \(other), from whom it hears, only \(theirs)")
            }
        }
    }

    func violate(_ what: String) {
        guard violations.count < 8 else { return }
        violations.append(Violation(what: what, time: now, event: statistics.events, recent: recent.lines))
    }
}
