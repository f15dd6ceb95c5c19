#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The eigenvalues of a connected graph's Laplacian at its ends: the least but the zero, and the greatest.
public struct LaplacianExtremes: Sendable, Hashable {
    /// The least eigenvalue above the zero of a connected graph.
    public let least: Double
    /// The greatest eigenvalue.
    public let greatest: Double

    /// The two eigenvalues, found elsewhere.
    public init(least: Double, greatest: Double) {
        self.least = least
        self.greatest = greatest
    }

    /// Those of a circle of 2 or more, whose eigenvalues are `2 - 2 cos(2 pi k / n)`; two peers have one edge.
    package static func cycle(of peers: Int) -> LaplacianExtremes {
        if peers == 2 { return LaplacianExtremes(least: 2, greatest: 2) }
        return LaplacianExtremes(
            least: 2 - 2 * cos(2 * Double.pi / Double(peers)),
            greatest: 2 - 2 * cos(2 * Double.pi * Double(peers / 2) / Double(peers)))
    }

    /// Those of a chain of 2 or more, whose eigenvalues are `2 - 2 cos(pi k / n)`.
    package static func chain(of peers: Int) -> LaplacianExtremes {
        LaplacianExtremes(
            least: 2 - 2 * cos(Double.pi / Double(peers)),
            greatest: 2 - 2 * cos(Double.pi * Double(peers - 1) / Double(peers)))
    }
}
