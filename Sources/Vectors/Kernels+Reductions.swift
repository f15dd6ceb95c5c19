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

/// Four accumulators of four lanes stay in registers; one of sixteen does not, and took 2.2 times as long.
@inline(__always)
private func reduce(
    _ x: Span<Float>, _ y: Span<Float>, lanes: (SIMD4<Double>, SIMD4<Double>) -> SIMD4<Double>,
    tail: (Double, Double) -> Double
) -> Double {
    x.withUnsafeBufferPointer { x in
        y.withUnsafeBufferPointer { y in
            guard let first = x.baseAddress, let second = y.baseAddress else { return 0 }
            var (a, b, c, d) = (SIMD4<Double>(), SIMD4<Double>(), SIMD4<Double>(), SIMD4<Double>())
            var index = 0
            while index + 16 <= x.count {
                a += lanes(load(first, index), load(second, index))
                b += lanes(load(first, index + 4), load(second, index + 4))
                c += lanes(load(first, index + 8), load(second, index + 8))
                d += lanes(load(first, index + 12), load(second, index + 12))
                index += 16
            }
            var total = 0.0
            for sums in [a, b, c, d] {
                for lane in 0..<4 { total += sums[lane] }
            }
            while index < x.count {
                total += tail(Double(first[index]), Double(second[index]))
                index += 1
            }
            return total
        }
    }
}

@inline(__always)
private func load(_ source: UnsafePointer<Float>, _ index: Int) -> SIMD4<Double> {
    SIMD4<Double>(UnsafeRawPointer(source + index).loadUnaligned(as: SIMD4<Float>.self))
}
