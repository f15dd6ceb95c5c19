import Gossip
public import Graphs

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How fast values spread through a mixing matrix: the eigenvalue moduli of the product of its rounds over one period.
public struct Spectrum: Sendable, Hashable {
    /// The moduli, descending: all of them up to `denseLimit` peers and where a closed form is known, else the greatest
    /// two.
    public let moduli: [Double]
    /// Rounds in the product.
    public let period: UInt64
    /// Whether the second modulus is settled; false where the iteration ended before, and the gap is then at most what
    /// is told.
    public let isSettled: Bool

    /// Up to how many peers the whole matrix goes to LAPACK.
    public static let denseLimit = 512

    /// The spectrum of a matrix: by LAPACK up to `denseLimit` peers; above by the Fourier form where every peer has the
    /// weights of its predecessor moved on by one, and by deflated power iteration elsewhere.
    public init(of matrix: MixingMatrix) {
        period = matrix.period
        if matrix.peers <= Self.denseLimit {
            moduli = Eigenvalues.moduli(of: matrix.product)
            isSettled = true
        } else if let circulant = Circulant(matrix) {
            moduli = circulant.moduli
            isSettled = true
        } else {
            let found = PowerIteration(matrix).run()
            moduli = found.moduli
            isSettled = found.isSettled
        }
    }

    /// The second largest modulus, to the power 1 / period: the factor by which peers come nearer each other a round in
    /// the long run. 0 where there is one peer.
    public var secondModulus: Double {
        guard moduli.count > 1 else { return 0 }
        return period == 1 ? moduli[1] : pow(moduli[1], 1 / Double(period))
    }

    /// 1 minus the second largest modulus.
    public var spectralGap: Double { 1 - secondModulus }
}

extension MixingMatrix {
    /// The product of the rounds of one period, the first one applied first; the matrix itself where it is constant.
    public var product: [[Double]] {
        (1..<max(period, 1)).reduce(dense(round: 0)) { product, round in
            (0..<peers).map { receiver in
                var sum = [Double](repeating: 0, count: peers)
                for item in row(of: PeerID(receiver), round: round) {
                    let row = product[item.peer.rawValue]
                    for index in sum.indices { sum[index] += item.weight * row[index] }
                }
                return sum
            }
        }
    }
}
