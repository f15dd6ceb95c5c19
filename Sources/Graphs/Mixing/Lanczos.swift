import Randomness

extension LaplacianExtremes {
    /// Those of a connected undirected graph of 2 peers or more, found by Lanczos' method with full orthogonalisation.
    ///
    /// Citation: C. Lanczos, An iteration method for the solution of the eigenvalue problem of linear differential and
    /// integral operators, Journal of Research of the National Bureau of Standards 45, 1950.
    package init(of topology: any Topology, peers: Int) {
        let neighbours = (0..<peers).map { peer in
            topology.neighbours(of: PeerID(peer), round: 0).map(\.rawValue)
        }
        self = Lanczos.extremes(count: peers) { vector in
            neighbours.enumerated().map { peer, others in
                others.reduce(0) { $0 + vector[peer] - vector[$1] }
            }
        }
    }
}

extension MixingMatrix {
    /// The least eigenvalue of the matrix of round 0, which must be symmetric and doubly stochastic; 1 for one peer.
    package var leastEigenvalue: Double {
        guard peers > 1 else { return 1 }
        return graph.properties.leastEigenvalue {
            // I - W has no eigenvalue below 0 and the constant vector for its zero, as a Laplacian has.
            let rows = (0..<peers).map { row(of: PeerID($0)) }
            let edges = rows.enumerated().flatMap { peer, row in row.filter { $0.peer.rawValue != peer }.map(\.weight) }
            if let closed = graph.topology.laplacian, let weight = edges.first, edges.allSatisfy({ $0 == weight }) {
                return 1 - weight * closed.greatest
            }
            let extremes = Lanczos.extremes(count: peers) { vector in
                rows.enumerated().map { peer, row in
                    row.reduce(vector[peer]) { $0 - $1.weight * vector[$1.peer.rawValue] }
                }
            }
            return 1 - extremes.greatest
        }
    }
}

/// A symmetric operator seen in the space of its powers on one vector, the constant vector apart: a tridiagonal matrix
/// whose eigenvalues come near those at the operator's ends first.
private struct Lanczos {
    private var basis: [[Double]] = []
    private var diagonal: [Double] = []
    private var beside: [Double] = []
    private var next: [Double]

    init(count: Int) {
        var random = RandomStream(seed: 0, purpose: .topology, peer: -1)
        next = (0..<count).map { _ in random.normal() }
        clean()
        scale(by: 1 / norm)
    }

    private static let steps = 400

    /// The operator's least and greatest eigenvalue, that of the constant vector apart.
    static func extremes(count: Int, _ apply: ([Double]) -> [Double]) -> LaplacianExtremes {
        var lanczos = Lanczos(count: count)
        var extremes = LaplacianExtremes(least: 0, greatest: 0)
        for step in 1..<max(2, min(count, steps)) {
            let isSpent = lanczos.advance(apply)
            guard isSpent || step.isMultiple(of: 10) || step == min(count, steps) - 1 else { continue }
            let found = lanczos.extremes
            let change = abs(found.least - extremes.least) + abs(found.greatest - extremes.greatest)
            extremes = found
            if isSpent || change <= 1e-13 * found.greatest { break }
        }
        return extremes
    }

    /// Adds a vector to the space; true when there is none left to add.
    mutating func advance(_ apply: ([Double]) -> [Double]) -> Bool {
        let vector = next
        basis.append(vector)
        next = apply(vector)
        diagonal.append(zip(next, vector).reduce(0) { $0 + $1.0 * $1.1 })
        // Twice is enough to be orthogonal to the last bit.
        clean()
        clean()
        let length = norm
        guard length > 1e-10 * (diagonal.max() ?? 1) else { return true }
        beside.append(length)
        scale(by: 1 / length)
        return false
    }

    private var norm: Double { next.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    private mutating func scale(by factor: Double) {
        for index in next.indices { next[index] *= factor }
    }

    /// Takes the constant vector and the basis out of the next one.
    private mutating func clean() {
        let mean = next.reduce(0, +) / Double(next.count)
        for index in next.indices { next[index] -= mean }
        for vector in basis {
            let share = zip(next, vector).reduce(0) { $0 + $1.0 * $1.1 }
            for index in next.indices { next[index] -= share * vector[index] }
        }
    }

    /// The least and the greatest eigenvalue of the tridiagonal matrix, by bisection. No eigenvalue of a Laplacian is
    /// negative, and none is more than twice the greatest degree.
    var extremes: LaplacianExtremes {
        var bound = 0.0
        for (index, value) in diagonal.enumerated() {
            let bipartition = (index > 0 ? beside[index - 1] : 0) + (index < diagonal.count - 1 ? beside[index] : 0)
            bound = max(bound, value + bipartition)
        }
        return LaplacianExtremes(
            least: eigenvalue(atLeast: 1, below: bound), greatest: eigenvalue(atLeast: diagonal.count, below: bound))
    }

    /// The eigenvalue number `rank`, counted from 1 upwards.
    private func eigenvalue(atLeast rank: Int, below bound: Double) -> Double {
        var (low, high) = (0.0, bound * (1 + 1e-12))
        for _ in 0..<200 {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { break }
            if count(below: middle) >= rank { high = middle } else { low = middle }
        }
        return (low + high) / 2
    }

    /// How many eigenvalues lie below a number (Sturm's sequence).
    private func count(below number: Double) -> Int {
        var pivot = 1.0
        var count = 0
        for index in diagonal.indices {
            let side = index > 0 ? beside[index - 1] : 0
            pivot = diagonal[index] - number - side * side / pivot
            if pivot == 0 { pivot = -1e-300 }
            if pivot < 0 { count += 1 }
        }
        return count
    }
}
