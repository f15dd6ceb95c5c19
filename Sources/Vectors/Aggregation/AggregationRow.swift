/// A vector with its weight among those that are mixed.
public struct WeighedVector: Sendable {
    /// The numbers.
    public let vector: Payload
    /// What they count for, where the rule weighs.
    public let weight: Double

    /// So much of the vector.
    public init(_ vector: Payload, weight: Double) {
        self.vector = vector
        self.weight = weight
    }
}

/// What a peer makes one vector of by a rule: its own, and those that others have sent.
///
/// A vector with a number that is not finite never enters: its distance from the own one is not finite either. Results
/// are written as `own + sum of weight x (vector - own)` wherever the rule allows, in float32 and in the order of the
/// vectors: equal vectors stay what they are, to the bit, and so does a mean, whatever rule came to it. Distances are
/// summed in float64.
public struct AggregationRow {
    /// The own vector, from which the others are measured.
    public let own: Payload
    /// What the own vector counts for; 0: the others alone are candidates.
    let ownWeight: Double
    /// Those of the others that are finite, in their order.
    let others: [WeighedVector]
    /// The squares of their distances from the own vector.
    let squaredDistances: [Double]
    private let pool: PayloadPool

    /// - Parameters:
    ///   - buckets: What has come; the vectors of a bucket are averaged first, by their weights, and have these
    ///     together.
    ///   - pool: Where results get their blocks.
    public init(own: Payload, weight: Double, buckets: [[WeighedVector]], pool: PayloadPool) {
        self.init(own: own, weight: weight, others: buckets.map { Self.mean(of: $0, from: own, pool) }, pool)
    }

    private init(own: Payload, weight: Double, others: [WeighedVector], _ pool: PayloadPool) {
        let distances = others.map { distance(own, $0.vector) }
        let places = others.indices.filter { distances[$0].isFinite }
        self.own = own
        ownWeight = weight
        self.others = places.map { others[$0] }
        squaredDistances = places.map { distances[$0] }
        self.pool = pool
    }

    /// The same vectors around another one, which is no candidate: each counts for the same.
    public func centred(at point: Payload) -> AggregationRow {
        let candidates = candidates
        let share = 1 / Double(max(candidates.count, 1))
        return AggregationRow(
            own: point, weight: 0, others: candidates.map { WeighedVector($0.vector, weight: share) }, pool)
    }

    /// All that count: the own vector first, unless it does not.
    var candidates: [WeighedVector] {
        (ownWeight > 0 ? [WeighedVector(own, weight: ownWeight)] : []) + others
    }

    /// `own + sum of weight x (vector - own)`; the own vector itself where there is nothing to add.
    func moved(_ moves: [WeighedVector]) -> Payload {
        Self.moved(own, moves, pool)
    }

    /// The mean of the candidates, each counting for the same.
    func mean() -> Payload {
        let share = 1 / Double(max(candidates.count, 1))
        return moved(others.map { WeighedVector($0.vector, weight: share) })
    }

    /// A result of as many numbers, every one of which `fill` writes.
    func result(_ fill: (UnsafeMutablePointer<Float>) -> Void) -> Payload {
        pool.payload(count: own.count) { span in
            span.withUnsafeMutableBufferPointer { numbers in
                if let base = numbers.baseAddress { fill(base) }
            }
        }
    }

    private static func moved(_ own: Payload, _ moves: [WeighedVector], _ pool: PayloadPool) -> Payload {
        guard !moves.isEmpty else { return own }
        return pool.payload(count: own.count) { span in
            span.withUnsafeMutableBufferPointer { numbers in
                guard let into = numbers.baseAddress, let from = own.buffer.baseAddress else { return }
                let differences = moves.compactMap { move in
                    move.vector.buffer.baseAddress.map { (source: $0, weight: Float(move.weight)) }
                }
                Kernels.combine(
                    into: into, Kernels.Sum(former: from, own: nil, others: [(from, 1)]), differences: differences,
                    from: from, count: own.count)
                withExtendedLifetime(moves) {}
            }
        }
    }

    private static func mean(of bucket: [WeighedVector], from own: Payload, _ pool: PayloadPool) -> WeighedVector {
        if bucket.count == 1 { return bucket[0] }
        let weight = bucket.reduce(0) { $0 + $1.weight }
        let shares = bucket.map {
            WeighedVector($0.vector, weight: weight > 0 ? $0.weight / weight : 1 / Double(bucket.count))
        }
        return WeighedVector(moved(own, shares, pool), weight: weight)
    }
}

/// The square of the distance between two vectors; not finite where a number of theirs is not.
func distance(_ first: Payload, _ second: Payload) -> Double {
    first.read { x in second.read { y in squaredDistance(x, y) } }
}
