import Randomness

/// Positive weights for a round of a graph, drawn from its seed: one for every peer itself and one for everybody it
/// hears, each uniform between 0 and 1. A receiver's are a stream of their own, so that nobody's row depends on
/// another's.
package struct RandomWeights {
    package let seed: UInt64
    package let round: UInt64

    /// The weights of a receiver that hears these, ascending by sender, itself among them.
    package func drawn(for receiver: PeerID, hearing senders: [PeerID]) -> [MixingWeight] {
        // The graphs themselves are drawn from the streams of peer 0.
        var random = RandomStream(seed: seed, purpose: .topology, peer: receiver.rawValue + 1, round: round)
        return (senders + [receiver]).sorted().map { MixingWeight(peer: $0, weight: 1 - random.uniform()) }
    }

    /// The same over their sum.
    package func shares(of receiver: PeerID, hearing senders: [PeerID]) -> [MixingWeight] {
        let drawn = drawn(for: receiver, hearing: senders)
        let sum = drawn.reduce(0) { $0 + $1.weight }
        return drawn.map { MixingWeight(peer: $0.peer, weight: $0.weight / sum) }
    }
}
