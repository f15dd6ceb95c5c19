import Gossip
import Graphs

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A mixing matrix in which each peer's weights are those of peer 0 moved on: rings and exponential graphs. Its
/// eigenvalues are the Fourier transform of the first row, and those of a product of such matrices the products.
struct Circulant {
    private let peers: Int
    /// For each round the first row: how far on, and with what weight.
    private let rounds: [[(hop: Int, weight: Double)]]

    /// Nil where some row is another.
    init?(_ matrix: MixingMatrix) {
        let peers = matrix.peers
        var rounds: [[(hop: Int, weight: Double)]] = []
        for round in 0..<matrix.period {
            let first = matrix.row(of: 0, round: round).map { (hop: $0.peer.rawValue, weight: $0.weight) }
            for receiver in 1..<matrix.peers {
                let row = matrix.row(of: PeerID(receiver), round: round)
                guard row.count == first.count else { return nil }
                let moved = row.map { ($0.peer.rawValue + peers - receiver) % peers }.enumerated()
                    .sorted { $0.element < $1.element }
                for ((place, hop), expected) in zip(moved, first) {
                    guard hop == expected.hop, abs(row[place].weight - expected.weight) <= 1e-14 else { return nil }
                }
            }
            rounds.append(first)
        }
        self.peers = peers
        self.rounds = rounds
    }

    var moduli: [Double] {
        let moduli = (0..<peers).map { frequency in
            rounds.reduce(1) { product, row in
                var (real, imaginary) = (0.0, 0.0)
                for (hop, weight) in row {
                    // Whole turns are taken off as integers, which rounds nothing.
                    let angle = 2 * Double.pi * Double(frequency * hop % peers) / Double(peers)
                    real += weight * cos(angle)
                    imaginary += weight * sin(angle)
                }
                return product * (real * real + imaginary * imaginary).squareRoot()
            }
        }
        return moduli.sorted(by: >)
    }
}
