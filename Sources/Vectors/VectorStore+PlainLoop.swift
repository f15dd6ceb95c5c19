extension VectorStore {
    /// `target <- a target + sum of weights[k] * slots[k]` in the loop that anybody would write first, one pass for
    /// each three further vectors: what benchmarks measure `combine` beside. The compiler makes a vector loop of it,
    /// since the destination is its own first source.
    public mutating func plainMix(into target: Int, weight a: Float, slots: [Int], weights: [Float]) {
        precondition(slots.count == weights.count, "\(slots.count) vectors with \(weights.count) weights")
        precondition(!slots.contains(target), "the destination is a source twice")
        let x = writable(target)
        let sources = slots.map { pointer($0) }
        switch slots.count {
        case 0:
            for index in 0..<count { x[index] = a * x[index] }
        case 1:
            let (b, y) = (weights[0], sources[0])
            for index in 0..<count { x[index] = a * x[index] + b * y[index] }
        case 2:
            let (b, y, c, z) = (weights[0], sources[0], weights[1], sources[1])
            for index in 0..<count { x[index] = a * x[index] + b * y[index] + c * z[index] }
        default:
            let (b, y, c, z, d, u) = (weights[0], sources[0], weights[1], sources[1], weights[2], sources[2])
            for index in 0..<count { x[index] = a * x[index] + b * y[index] + c * z[index] + d * u[index] }
            guard slots.count > 3 else { return }
            plainMix(into: target, weight: 1, slots: Array(slots[3...]), weights: Array(weights[3...]))
        }
    }

    /// `target <- source` by the C library's copy.
    public mutating func plainCopy(into target: Int, from source: Int) {
        writable(target).update(from: pointer(source), count: count)
    }
}
