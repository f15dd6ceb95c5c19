public import Configuration

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The Base-(k+1) graph: rounds in which nobody has more than k neighbours, and after a period of which everybody holds
/// the exact average, whatever the number of peers.
///
/// Citation: Y. Takezawa, R. Sato, H. Bao, K. Niwa, M. Yamada, Beyond exponential graph: communication-efficient
/// topologies for decentralized learning via finite-time convergence, NeurIPS 2023, arXiv:2305.11420.
public struct BaseK: ListedTopology {
    package static let degree = Option.integer(
        "degree", default: 1, in: 1...1_000_000, "greatest number of neighbours in a round (k)")

    public static let description = Description(
        name: "base-k", summary: "few neighbours a round, exact average after a period (Base-(k+1))",
        options: [degree.description])

    private static let weightLimit = 1e7
    /// For each round the weights of each peer, ascending by sender.
    private let rows: [[[MixingWeight]]]

    public init(peers: Int, seed: UInt64, options: Options) throws(ConfigurationError) {
        let degree = try options.value(Self.degree)
        // Of the factors of the number of peers each is a round, and so is what is left at each of them.
        let rounds = 2 * log(Double(peers)) / log(Double(degree) + 1) + 1
        guard Double(peers) * rounds * Double(min(degree, peers)) <= Self.weightLimit else {
            throw ConfigurationError(
                key: "peers",
                "base-k of \(peers) peers has some \(Int(rounds)) rounds with up to \(degree) neighbours each, more "
                    + "weights than are made in seconds; take fewer peers or, as exact, one-peer-exponential of a "
                    + "power of two")
        }
        let schedule = AveragingSchedule.shortest(peers: peers, degree: degree)
        // One peer has nothing to exchange, and a period of a round all the same.
        rows = (schedule.rounds.isEmpty ? [[]] : schedule.rounds).map { AveragingSchedule.rows(of: $0, peers) }
    }

    public var period: UInt64 { UInt64(rows.count) }

    package func neighbours(of peer: Int, round: UInt64) -> [Int] {
        weights(peer, round).map(\.peer.rawValue).filter { $0 != peer }
    }

    public func weights(of receiver: PeerID, round: UInt64) -> [MixingWeight]? { weights(receiver.rawValue, round) }

    private func weights(_ peer: Int, _ round: UInt64) -> [MixingWeight] { rows[Int(round % period)][peer] }
}
