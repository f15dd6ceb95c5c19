import Gossip
import Graphs
import Randomness

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The greatest eigenvalue moduli of a large sparse matrix: a block of vectors is multiplied by it again and again,
/// kept orthogonal, and its own small matrix goes to LAPACK (subspace iteration with the Rayleigh-Ritz projection: G.
/// W. Stewart, Simultaneous iteration for computing invariant subspaces of non-Hermitian matrices, Numerische
/// Mathematik 25, 1976).
///
/// Where rows sum to 1, the constant vector belongs to the eigenvalue 1 and is taken out of the block after each
/// product; what is left has the other eigenvalues. Of a symmetric matrix the square is taken, whose eigenvalues are
/// the squared moduli, and instead of a power that polynomial of it which is least on what the block leaves out
/// (Chebyshev's: H. Rutishauser, Computational aspects of F. L. Bauer's simultaneous iteration method, Numerische
/// Mathematik 13, 1969).
struct PowerIteration {
    private let matrix: SparseRounds
    private let deflates: Bool
    private let isSquared: Bool
    private var block: [[Double]]
    /// The greatest and the least eigenvalue modulus that the block shows.
    private var seen = (greatest: 0.0, least: 0.0)
    private var products = 0

    private static let width = 16
    /// Products between two looks at the small matrix, where no better polynomial is known.
    private static let stride = 10
    /// The logarithm of how much more the greatest eigenvalue grows than the least between two looks.
    private static let growth = 8.0
    /// Multiplications that are spent before the answer is given as it stands.
    private static let budget = 1e10
    /// The error of the second modulus, relative to the gap, that counts as settled.
    private static let tolerance = 1e-9

    init(_ mixing: MixingMatrix) {
        matrix = SparseRounds(mixing)
        deflates = mixing.isRowSumOne
        isSquared = mixing.period == 1 && mixing.isSymmetric
        var random = RandomStream(seed: 0, purpose: .topology, peer: -2)
        block = (0..<Self.width).map { _ in (0..<mixing.peers).map { _ in random.normal() } }
    }

    struct Result {
        let moduli: [Double]
        let isSettled: Bool
    }

    /// The greatest two moduli.
    func run() -> Result {
        var iteration = self
        iteration.orthogonalise()
        let cost = Double(Self.width * matrix.entries)
        var (last, change) = (Double.infinity, Double.infinity)
        while Double(iteration.products) * cost < Self.budget {
            let moduli = iteration.advance()
            let second = moduli[1]
            let newChange = abs(second - last)
            // Errors shrink by a constant factor from look to look, so what is left is a geometric series.
            let ratio = change.isFinite && change > 0 ? min(newChange / change, 0.9999) : 0.9999
            let error = newChange * ratio / (1 - ratio)
            (last, change) = (second, newChange)
            if error <= Self.tolerance * abs(1 - second) || newChange <= 1e-15 {
                return Result(moduli: Array(moduli.prefix(2)), isSettled: true)
            }
        }
        return Result(moduli: [deflates ? 1 : last, last], isSettled: false)
    }

    /// Multiplies the block and returns the moduli seen in it, descending, that of the constant vector among them.
    private mutating func advance() -> [Double] {
        filter()
        orthogonalise()
        let images = block.map(operation)
        products += isSquared ? 2 : 1
        let small = block.map { vector in images.map { image in dot(vector, image) } }
        let moduli = Eigenvalues.moduli(of: small)
        seen = (moduli.first ?? 0, moduli.last ?? 0)
        return ((deflates ? [1] : []) + moduli.map { isSquared ? $0.squareRoot() : $0 }).sorted(by: >)
    }

    /// Lets what belongs to the greatest eigenvalues outgrow the rest.
    private mutating func filter() {
        guard isSquared, seen.least > 0, seen.greatest > seen.least * (1 + 1e-12) else {
            for _ in 0..<Self.stride { block = block.map(operation) }
            products += Self.stride * (isSquared ? 2 : 1)
            return
        }
        let bound = seen.least
        // Where the eigenvalues lie close together the best degree may be millions: not beyond what may be spent.
        let affordable = Self.budget / Double(2 * Self.width * matrix.entries)
        let degree = max(2, Int(min(Self.growth / acosh(2 * seen.greatest / bound - 1), affordable)))
        products += 2 * degree
        for index in block.indices {
            // T(0) = 1, T(1) = t, T(k + 1) = 2 t T(k) - T(k - 1), of t = 2 W W / bound - 1.
            var before = block[index]
            var vector = zip(operation(before), before).map { 2 / bound * $0 - $1 }
            for _ in 1..<degree {
                let image = operation(vector)
                for place in before.indices {
                    before[place] = 2 * (2 / bound * image[place] - vector[place]) - before[place]
                }
                swap(&before, &vector)
            }
            block[index] = vector
        }
    }

    private func operation(_ vector: [Double]) -> [Double] {
        let image = matrix.applied(to: vector)
        return isSquared ? matrix.applied(to: image) : image
    }

    /// Gram and Schmidt's method, twice, after the constant vector is taken out.
    private mutating func orthogonalise() {
        for _ in 0..<2 {
            for index in block.indices {
                var vector = block[index]
                if deflates {
                    let mean = vector.reduce(0, +) / Double(vector.count)
                    for place in vector.indices { vector[place] -= mean }
                }
                for other in block[..<index] {
                    let share = dot(other, vector)
                    for place in vector.indices { vector[place] -= share * other[place] }
                }
                let norm = dot(vector, vector).squareRoot()
                // A vector that the others make up is worth nothing any more, and stays away as zeros.
                let factor = norm > 1e-280 ? 1 / norm : 0
                for place in vector.indices { vector[place] *= factor }
                block[index] = vector
            }
        }
    }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
}

/// The rounds of a period as plain arrays, for many products.
private struct SparseRounds {
    private var rounds: [Round] = []

    private struct Round {
        /// Where each row begins, and the end of the last.
        var starts = [0]
        var columns: [Int] = []
        var weights: [Double] = []
    }

    init(_ matrix: MixingMatrix) {
        for number in 0..<matrix.period {
            var round = Round()
            for receiver in 0..<matrix.peers {
                for item in matrix.row(of: PeerID(receiver), round: number) {
                    round.columns.append(item.peer.rawValue)
                    round.weights.append(item.weight)
                }
                round.starts.append(round.columns.count)
            }
            rounds.append(round)
        }
    }

    var entries: Int { rounds.reduce(0) { $0 + $1.columns.count } }

    /// The vector after all rounds of a period.
    func applied(to vector: [Double]) -> [Double] {
        rounds.reduce(vector) { vector, round in
            (0..<vector.count).map { receiver in
                var sum = 0.0
                for place in round.starts[receiver]..<round.starts[receiver + 1] {
                    sum += round.weights[place] * vector[round.columns[place]]
                }
                return sum
            }
        }
    }
}

extension MixingMatrix {
    /// Whether the constant vector stays what it is, negative weights or not.
    fileprivate var isRowSumOne: Bool {
        (0..<period).allSatisfy { round in
            (0..<peers).allSatisfy { receiver in
                abs(row(of: PeerID(receiver), round: round).reduce(0) { $0 + $1.weight } - 1) <= 1e-9
            }
        }
    }
}
