/// The element-wise loops over blocks of float32.
///
/// Plain loops, of which the compiler makes vector loops; each in two forms, because the destination is often a source
/// (`x <- a x + b y`): a loop that reads and writes the same pointer is vectorised, one that reads what might overlap
/// its destination falls back to one number at a time exactly then.
enum Kernels {
    typealias Source = UnsafePointer<Float>
    typealias Destination = UnsafeMutablePointer<Float>

    /// `into[i] <- own former[i] + sum over k of weights[k] * sources[k][i]`, in float32.
    ///
    /// `former` are the numbers that the destination had: those of the destination itself, or of the block that it
    /// replaces. No other source may overlap it. Up to four terms take one pass; each further three take one more. The
    /// own term is summed first, where there is one, then the others in their order: wherever the numbers lie, the sum
    /// has the same bits.
    static func combine(
        into: Destination, former: Source, own: Float?, _ others: [(source: Source, weight: Float)], count: Int
    ) {
        var rest = others[...]
        if let own, former == Source(into) {
            if rest.isEmpty && own == 1 { return }
            add(into, count, own, rest.prefix(3))
            rest = rest.dropFirst(3)
        } else {
            if let own { rest.insert((former, own), at: 0) }
            write(into, count, rest.prefix(4))
            rest = rest.dropFirst(4)
        }
        while !rest.isEmpty {
            add(into, count, 1, rest.prefix(3))
            rest = rest.dropFirst(3)
        }
    }

    /// `into[i] <- from[i]`; nothing to do when they are the same block.
    static func copy(into: Destination, from: Source, count: Int) {
        guard Source(into) != from else { return }
        into.update(from: from, count: count)
    }

    /// `r[i] <- sum of the terms`, none of which is `r`.
    private static func write(
        _ r: Destination, _ count: Int, _ terms: ArraySlice<(source: Source, weight: Float)>
    ) {
        let first = terms.startIndex
        switch terms.count {
        case 0:
            r.update(repeating: 0, count: count)
        case 1:
            let (x, a) = terms[first]
            if a == 1 { return copy(into: r, from: x, count: count) }
            for i in 0..<count { r[i] = a * x[i] }
        case 2:
            let ((x, a), (y, b)) = (terms[first], terms[first + 1])
            for i in 0..<count { r[i] = a * x[i] + b * y[i] }
        case 3:
            let ((x, a), (y, b), (z, c)) = (terms[first], terms[first + 1], terms[first + 2])
            for i in 0..<count { r[i] = a * x[i] + b * y[i] + c * z[i] }
        default:
            let ((x, a), (y, b), (z, c), (u, d)) = (terms[first], terms[first + 1], terms[first + 2], terms[first + 3])
            for i in 0..<count { r[i] = a * x[i] + b * y[i] + c * z[i] + d * u[i] }
        }
    }

    /// `r[i] <- own r[i] + sum of the terms`, none of which is `r`.
    private static func add(
        _ r: Destination, _ count: Int, _ own: Float, _ terms: ArraySlice<(source: Source, weight: Float)>
    ) {
        let first = terms.startIndex
        switch terms.count {
        case 0:
            for i in 0..<count { r[i] = own * r[i] }
        case 1:
            let (x, a) = terms[first]
            for i in 0..<count { r[i] = own * r[i] + a * x[i] }
        case 2:
            let ((x, a), (y, b)) = (terms[first], terms[first + 1])
            for i in 0..<count { r[i] = own * r[i] + a * x[i] + b * y[i] }
        default:
            let ((x, a), (y, b), (z, c)) = (terms[first], terms[first + 1], terms[first + 2])
            for i in 0..<count { r[i] = own * r[i] + a * x[i] + b * y[i] + c * z[i] }
        }
    }
}
