public import Configuration

/// The Base-(k+1) graph: rounds in which nobody has more than k neighbours, and after a period of which everybody holds
/// the exact average, whatever the number of peers.
///
/// Citation: Y. Takezawa, R. Sato, H. Bao, K. Niwa, M. Yamada, Beyond exponential graph: communication-efficient
/// topologies for decentralized learning via finite-time convergence, NeurIPS 2023, arXiv:2305.11420.
public struct BaseK: ListedTopology {
    static let degree = Option.integer(
        "degree", default: 1, in: 1...1_000_000, "greatest number of neighbours in a round (k)")

    public static let description = Description(
        name: "base-k", summary: "few neighbours a round, exact average after a period (Base-(k+1))",
        options: [degree.description])

    /// For each round the weights of each peer, ascending by sender.
    private let rows: [[[MixingWeight]]]

    public init(peers: Int, seed: UInt64, options: Options) throws(ConfigurationError) {
        let schedule = AveragingSchedule.shortest(peers: peers, degree: try options.value(Self.degree))
        // One peer has nothing to exchange, and a period of a round all the same.
        let rounds = schedule.rounds.isEmpty ? [[]] : schedule.rounds
        rows = rounds.map { AveragingSchedule.rows(of: $0, peers) }
    }

    public var period: UInt64 { UInt64(rows.count) }

    func neighbours(of peer: Int, round: UInt64) -> [Int] {
        weights(peer, round).map(\.peer.rawValue).filter { $0 != peer }
    }

    public func weights(of receiver: PeerID, round: UInt64) -> [MixingWeight]? { weights(receiver.rawValue, round) }

    private func weights(_ peer: Int, _ round: UInt64) -> [MixingWeight] { rows[Int(round % period)][peer] }
}
