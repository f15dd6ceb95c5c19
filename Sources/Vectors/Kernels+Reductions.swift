// Sums are taken in float64 over sixteen lanes, added up in a fixed order: the same numbers give the same bits.

/// The inner product of two vectors of equal length.
public func dot(_ x: Span<Float>, _ y: Span<Float>) -> Double {
    precondition(x.count == y.count, "inner product of \(x.count) and \(y.count) numbers")
    return reduce(x, y) {
        $0 * $1
    } tail: {
        $0 * $1
    }
}

/// The square of the Euclidean distance between two vectors of equal length.
public func squaredDistance(_ x: Span<Float>, _ y: Span<Float>) -> Double {
    precondition(x.count == y.count, "distance between \(x.count) and \(y.count) numbers")
    return reduce(x, y) {
        let difference = $0 - $1
        return difference * difference
    } tail: {
        ($0 - $1) * ($0 - $1)
    }
}

/// The square of the Euclidean norm.
public func squaredNorm(_ x: Span<Float>) -> Double {
    dot(x, x)
}

@inline(__always)
private func reduce(
    _ x: Span<Float>, _ y: Span<Float>, lanes: (SIMD16<Double>, SIMD16<Double>) -> SIMD16<Double>,
    tail: (Double, Double) -> Double
) -> Double {
    x.withUnsafeBufferPointer { x in
        y.withUnsafeBufferPointer { y in
            guard let first = x.baseAddress, let second = y.baseAddress else { return 0 }
            var sums = SIMD16<Double>()
            var index = 0
            while index + laneCount <= x.count {
                sums += lanes(SIMD16<Double>(load(first, index)), SIMD16<Double>(load(second, index)))
                index += laneCount
            }
            var total = 0.0
            for lane in 0..<laneCount { total += sums[lane] }
            while index < x.count {
                total += tail(Double(first[index]), Double(second[index]))
                index += 1
            }
            return total
        }
    }
}

private let laneCount = 16

@inline(__always)
private func load(_ source: UnsafePointer<Float>, _ index: Int) -> SIMD16<Float> {
    UnsafeRawPointer(source + index).loadUnaligned(as: SIMD16<Float>.self)
}
