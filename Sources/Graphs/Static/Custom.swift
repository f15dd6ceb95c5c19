public import Configuration

/// A graph given by its mixing matrix, or by several that follow each other in a cycle: peer j sends to peer i where
/// `W[i][j] > 0`.
public struct Custom: ListedTopology {
    package static let matrix = Option.matrices(
        "matrix", "rows of weights, W[i][j] being receiver i's on sender j; or a list of such matrices, a cycle")

    public static let description = Description(
        name: "custom", summary: "the mixing matrix itself, or a cycle of them", options: [matrix.description])
    public static let isDirected = true

    /// For each round the weights of each receiver that are not zero, ascending by sender.
    private let rows: [[[MixingWeight]]]
    /// For each round and sender the receivers, itself apart.
    private let receivers: [[[Int]]]

    public init(peers: Int, seed: UInt64, options: Options) throws(ConfigurationError) {
        guard let matrices = try options.value(Self.matrix) else {
            throw ConfigurationError(
                key: "matrix", "a custom topology is its matrix; give one, such as [[0.5, 0.5], [0.5, 0.5]]")
        }
        guard !matrices.isEmpty else {
            throw ConfigurationError(key: "matrix", "there is no row; give \(peers) rows of \(peers) weights")
        }
        for (round, matrix) in matrices.enumerated() {
            try Self.check(matrix, peers, which: matrices.count == 1 ? "" : " of matrix \(round)")
        }
        rows = matrices.map { matrix in
            matrix.map { row in
                row.enumerated().filter { $0.element > 0 }
                    .map { MixingWeight(peer: PeerID($0.offset), weight: $0.element) }
            }
        }
        receivers = matrices.map { matrix in
            (0..<peers).map { sender in (0..<peers).filter { $0 != sender && matrix[$0][sender] > 0 } }
        }
    }

    private static func check(_ matrix: [[Double]], _ peers: Int, which: String) throws(ConfigurationError) {
        guard matrix.count == peers else {
            throw ConfigurationError(
                key: "matrix",
                "\(matrix.count) \(matrix.count == 1 ? "row" : "rows")\(which) for \(peers) peers; "
                    + "give a row for each peer"
            )
        }
        for (receiver, row) in matrix.enumerated() {
            guard row.count == peers else {
                throw ConfigurationError(
                    key: "matrix",
                    "row \(receiver)\(which) has \(row.count) weights for \(peers) peers; the matrix must be square")
            }
            for (sender, weight) in row.enumerated() where !(weight >= 0 && weight.isFinite) {
                throw ConfigurationError(
                    key: "matrix",
                    "the weight \(weight) in row \(receiver), column \(sender)\(which) is no finite number "
                        + "of at least 0"
                )
            }
        }
    }

    public var period: UInt64 { UInt64(rows.count) }

    private func index(_ round: UInt64) -> Int { Int(round % period) }

    package func neighbours(of peer: Int, round: UInt64) -> [Int] { receivers[index(round)][peer] }

    public func senders(to peer: PeerID, round: UInt64) -> [PeerID] {
        rows[index(round)][peer.rawValue].map(\.peer).filter { $0 != peer }
    }

    public func weights(of receiver: PeerID, round: UInt64) -> [MixingWeight]? {
        rows[index(round)][receiver.rawValue]
    }
}
