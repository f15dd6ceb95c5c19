/// The element-wise loops over blocks of float32.
///
/// Plain loops, of which the compiler makes vector loops; each in two forms, because the destination is often a source
/// (`x <- a x + b y`): a loop that reads and writes the same pointer is vectorised, one that reads what might overlap
/// its destination falls back to one number at a time exactly then.
enum Kernels {
    typealias Source = UnsafePointer<Float>
    typealias Destination = UnsafeMutablePointer<Float>

    /// `into[i] <- sum over k of weights[k] * sources[k][i]`, in float32.
    ///
    /// A source may be the destination itself, but may not overlap it otherwise. Up to four sources take one pass; each
    /// further three take one more. The destination is summed first where it is a source, the others in their order.
    static func combine(into: Destination, count: Int, sources: [Source], weights: [Float]) {
        precondition(sources.count == weights.count, "\(sources.count) sources with \(weights.count) weights")
        var others: [(Source, Float)] = []
        var own: Float?
        for (source, weight) in zip(sources, weights) {
            if source == Source(into) { own = (own ?? 0) + weight } else { others.append((source, weight)) }
        }
        if own == nil {
            write(into, count, Array(others.prefix(4)))
            others.removeFirst(min(4, others.count))
            own = 1
        }
        while !others.isEmpty || own != 1 {
            add(into, count, own ?? 1, Array(others.prefix(3)))
            others.removeFirst(min(3, others.count))
            own = 1
        }
    }

    /// `into[i] <- from[i]`; nothing to do when they are the same block.
    static func copy(into: Destination, from: Source, count: Int) {
        guard Source(into) != from else { return }
        into.update(from: from, count: count)
    }

    /// `r[i] <- sum of the terms`, none of which is `r`.
    private static func write(_ r: Destination, _ count: Int, _ terms: [(Source, Float)]) {
        switch terms.count {
        case 0:
            r.update(repeating: 0, count: count)
        case 1:
            let (x, a) = terms[0]
            if a == 1 { return copy(into: r, from: x, count: count) }
            for i in 0..<count { r[i] = a * x[i] }
        case 2:
            let ((x, a), (y, b)) = (terms[0], terms[1])
            for i in 0..<count { r[i] = a * x[i] + b * y[i] }
        case 3:
            let ((x, a), (y, b), (z, c)) = (terms[0], terms[1], terms[2])
            for i in 0..<count { r[i] = a * x[i] + b * y[i] + c * z[i] }
        default:
            let ((x, a), (y, b), (z, c), (u, d)) = (terms[0], terms[1], terms[2], terms[3])
            for i in 0..<count { r[i] = a * x[i] + b * y[i] + c * z[i] + d * u[i] }
        }
    }

    /// `r[i] <- own r[i] + sum of the terms`, none of which is `r`.
    private static func add(_ r: Destination, _ count: Int, _ own: Float, _ terms: [(Source, Float)]) {
        switch terms.count {
        case 0:
            for i in 0..<count { r[i] = own * r[i] }
        case 1:
            let (x, a) = terms[0]
            for i in 0..<count { r[i] = own * r[i] + a * x[i] }
        case 2:
            let ((x, a), (y, b)) = (terms[0], terms[1])
            for i in 0..<count { r[i] = own * r[i] + a * x[i] + b * y[i] }
        default:
            let ((x, a), (y, b), (z, c)) = (terms[0], terms[1], terms[2])
            for i in 0..<count { r[i] = own * r[i] + a * x[i] + b * y[i] + c * z[i] }
        }
    }
}
