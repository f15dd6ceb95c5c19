/// The element-wise loops over blocks of float32, sixteen numbers at a time.
///
/// Explicit vectors rather than plain loops: the destination is often one of the sources (`x <- a x + b y`), and a
/// compiler that must rule out overlap falls back to one number at a time exactly there.
enum Kernels {
    static let lanes = 16

    /// `into[i] <- sum over k of weights[k] * sources[k][i]`, in one pass, summed from the first source to the last.
    ///
    /// A source may be the destination itself, but may not overlap it otherwise. Up to four sources take one pass; each
    /// further four take one more.
    static func combine(
        into: UnsafeMutablePointer<Float>, count: Int, sources: [UnsafePointer<Float>], weights: [Float]
    ) {
        precondition(
            sources.count == weights.count, "\(sources.count) sources with \(weights.count) weights")
        switch sources.count {
        case 0:
            into.update(repeating: 0, count: count)
        case 1 where weights[0] == 1:
            copy(into: into, from: sources[0], count: count)
        case 1:
            scale(into: into, count: count, sources[0], weights[0])
        case 2:
            combine2(into: into, count: count, sources[0], weights[0], sources[1], weights[1])
        case 3:
            combine3(into: into, count: count, sources, weights)
        case 4:
            combine4(into: into, count: count, sources, weights)
        default:
            // The destination must not be overwritten before it has been read as a source: it goes first.
            let order = sources.indices.sorted {
                (sources[$0] == into ? 0 : 1, $0) < (sources[$1] == into ? 0 : 1, $1)
            }
            let (ordered, orderedWeights) = (order.map { sources[$0] }, order.map { weights[$0] })
            combine4(into: into, count: count, Array(ordered[..<4]), Array(orderedWeights[..<4]))
            for start in stride(from: 4, to: sources.count, by: 3) {
                let end = min(start + 3, sources.count)
                combine(
                    into: into, count: count, sources: [UnsafePointer(into)] + ordered[start..<end],
                    weights: [1] + orderedWeights[start..<end])
            }
        }
    }

    /// `into[i] <- from[i]`; nothing to do when they are the same block.
    static func copy(into: UnsafeMutablePointer<Float>, from: UnsafePointer<Float>, count: Int) {
        guard UnsafePointer(into) != from else { return }
        into.update(from: from, count: count)
    }

    private static func scale(
        into: UnsafeMutablePointer<Float>, count: Int, _ x: UnsafePointer<Float>, _ a: Float
    ) {
        var index = 0
        while index + lanes <= count {
            store(load(x, index) * a, into, index)
            index += lanes
        }
        while index < count {
            into[index] = a * x[index]
            index += 1
        }
    }

    private static func combine2(
        into: UnsafeMutablePointer<Float>, count: Int, _ x: UnsafePointer<Float>, _ a: Float,
        _ y: UnsafePointer<Float>, _ b: Float
    ) {
        var index = 0
        while index + lanes <= count {
            store(load(x, index) * a + load(y, index) * b, into, index)
            index += lanes
        }
        while index < count {
            into[index] = a * x[index] + b * y[index]
            index += 1
        }
    }

    private static func combine3(
        into: UnsafeMutablePointer<Float>, count: Int, _ sources: [UnsafePointer<Float>],
        _ weights: [Float]
    ) {
        let (x, y, z) = (sources[0], sources[1], sources[2])
        let (a, b, c) = (weights[0], weights[1], weights[2])
        var index = 0
        while index + lanes <= count {
            store(load(x, index) * a + load(y, index) * b + load(z, index) * c, into, index)
            index += lanes
        }
        while index < count {
            into[index] = a * x[index] + b * y[index] + c * z[index]
            index += 1
        }
    }

    private static func combine4(
        into: UnsafeMutablePointer<Float>, count: Int, _ sources: [UnsafePointer<Float>],
        _ weights: [Float]
    ) {
        let (x, y, z, u) = (sources[0], sources[1], sources[2], sources[3])
        let (a, b, c, d) = (weights[0], weights[1], weights[2], weights[3])
        var index = 0
        while index + lanes <= count {
            let first = load(x, index) * a + load(y, index) * b
            store(first + load(z, index) * c + load(u, index) * d, into, index)
            index += lanes
        }
        while index < count {
            into[index] = a * x[index] + b * y[index] + c * z[index] + d * u[index]
            index += 1
        }
    }

    @inline(__always)
    static func load(_ source: UnsafePointer<Float>, _ index: Int) -> SIMD16<Float> {
        UnsafeRawPointer(source + index).loadUnaligned(as: SIMD16<Float>.self)
    }

    @inline(__always)
    private static func store(
        _ value: SIMD16<Float>, _ target: UnsafeMutablePointer<Float>, _ index: Int
    ) {
        UnsafeMutableRawPointer(target + index).storeBytes(of: value, as: SIMD16<Float>.self)
    }
}
