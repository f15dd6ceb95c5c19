package import Configuration

/// The matrix seen from those who give: what push-sum calls P. Who sends divides what it has, so columns add up to 1.
///
/// Under the rule `uniform` everybody gives equal shares, as in Assran et al. 2019; that is the matrix itself where all
/// hear as many as they send to. Under the other rules, and where the weights were given, P is the matrix.
extension MixingMatrix {
    /// What the sender gives to whom in that round, itself apart, ascending.
    package func shares(of sender: PeerID, round: UInt64) -> [MixingWeight] {
        let receivers = receivers(of: sender, round: round)
        if graph.rule == .uniform {
            return receivers.map { MixingWeight(peer: $0, weight: 1 / Double(receivers.count + 1)) }
        }
        return receivers.map { MixingWeight(peer: $0, weight: weight(of: $0, on: sender, round: round)) }
    }

    /// Refuses a matrix in whose rounds mass is lost or made, or somebody gives all it has away, in the name of an
    /// algorithm by push-sum.
    package func requireShares(by algorithm: String) throws(ConfigurationError) {
        guard graph.rule != .uniform else { return }
        try require(.columnStochastic, by: algorithm)
        try require(.positiveDiagonal, by: algorithm)
    }

    /// Refuses weights that were given and differ, in the name of an algorithm that uses who may send to whom alone.
    package func refuseWeights(by algorithm: String) throws(ConfigurationError) {
        for round in 0..<period {
            for receiver in 0..<peers {
                guard let weights = graph.topology.weights(of: PeerID(receiver), round: round) else { return }
                let others = weights.filter { $0.peer.rawValue != receiver }.map(\.weight)
                guard let least = others.min(), let most = others.max(), most - least > 1e-9 else { continue }
                throw ConfigurationError(
                    key: nil,
                    "\(algorithm) uses who may send to whom and not how much a peer weighs another, but in row "
                        + "\(receiver) of topology.matrix weights on others differ; give all of a row the same, or "
                        + "choose an algorithm that mixes by the matrix, such as sgp")
            }
        }
    }
}
