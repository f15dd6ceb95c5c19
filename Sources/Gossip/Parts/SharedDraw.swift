import Graphs
import Randomness

/// What all peers of a run draw alike without a word, round for round.
struct SharedDraw {
    private var random: RandomStream

    init(seed: UInt64, round: UInt64) {
        // No peer has this number, so no peer's own draws are these.
        random = RandomStream(seed: seed, purpose: .algorithm, peer: -1, round: round)
    }

    /// The numbers 0..<count in random order.
    func permutation(of count: Int) -> [Int] {
        var random = random
        return random.permutation(of: count)
    }
}

extension RoundState {
    /// Half of the peer's own value and half of the partner's, in the order of the peers; all of its own without one.
    func halves(with partner: PeerID?) -> [MixingWeight] {
        guard let partner, partner != me else { return [MixingWeight(peer: me, weight: 1)] }
        return [me, partner].sorted().map { MixingWeight(peer: $0, weight: 0.5) }
    }
}
