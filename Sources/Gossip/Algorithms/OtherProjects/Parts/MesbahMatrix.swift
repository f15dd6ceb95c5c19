import Configuration
import Graphs
import Randomness

/// A peer's row of the matrices of `Mesbah`.
struct MesbahMatrix: Sendable, Codable {
    enum Kind: String, CaseIterable, Codable, Sendable { case uniform, random, periodic }

    /// A row for each round of a period.
    private var rows: [[Double]]

    init(_ kind: Kind, of peer: PeerID, peers: Int, seed: UInt64) throws(ConfigurationError) {
        switch kind {
        case .uniform:
            rows = [[Double](repeating: 1 / Double(peers), count: peers)]
        case .random:
            rows = [peers == 5 ? Self.notebook[peer.rawValue] : Self.drawn(peer, peers, seed)]
        case .periodic:
            guard peers == 5 else {
                throw ConfigurationError(
                    key: "matrix", "the notebook's periodic matrices are of five peers; set peers: 5")
            }
            rows = Self.partners.map { partners in
                (0..<peers).map { $0 == peer.rawValue || $0 == partners[peer.rawValue] ? 1 : 0 }
            }
        }
    }

    func weight(on peer: PeerID, round: UInt64) -> Double { rows[Int(round % UInt64(rows.count))][peer.rawValue] }

    /// Halves the weight on a peer; only where the matrix stays the same.
    mutating func halve(_ peer: PeerID) { rows[0][peer.rawValue] /= 2 }

    mutating func add(_ weight: Double, to peer: PeerID) { rows[0][peer.rawValue] += weight }

    /// Whole numbers from 0 to 19, not all of them 0, over their sum.
    private static func drawn(_ peer: PeerID, _ peers: Int, _ seed: UInt64) -> [Double] {
        var random = RandomStream(seed: seed, purpose: .algorithm, peer: peer.rawValue, round: 1)
        while true {
            let numbers = (0..<peers).map { _ in random.integer(below: 20) }
            let sum = numbers.reduce(0, +)
            if sum > 0 { return numbers.map { Double($0) / Double(sum) } }
        }
    }

    /// The random matrix that was used, to the digits that it was printed with.
    private static let notebook = [
        [0.40625, 0.53125, 0, 0, 0.0625], [0.25, 0.25, 0.210526, 0.092105, 0.197368],
        [0.149254, 0.149254, 0.238806, 0.179104, 0.283582], [0.196078, 0.176471, 0.215686, 0.313725, 0.098039],
        [0.3, 0.175, 0.15, 0.15, 0.225],
    ]

    /// With whom each peer is paired in each of the four periodic matrices.
    private static let partners = [[1, 2, 3, 4, 2], [2, 0, 1, 0, 1], [3, 3, 0, 1, 0], [4, 4, 4, 2, 3]]
}
