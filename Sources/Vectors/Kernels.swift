/// The element-wise loops over blocks of float32.
///
/// Plain loops, of which the compiler makes vector loops; each in two forms, because the destination is often a source
/// (`x <- a x + b y`): a loop that reads and writes the same pointer is vectorised, one that reads what might overlap
/// its destination falls back to one number at a time exactly then.
enum Kernels {
    typealias Source = UnsafePointer<Float>
    typealias Destination = UnsafeMutablePointer<Float>

    /// `own former[i] + sum over k of weights[k] * sources[k][i]`.
    ///
    /// `former` are the numbers that the destination had: those of the destination itself, or of the block that it
    /// replaces. No other source may overlap it.
    struct Sum {
        var former: Source
        let own: Float?
        var others: [(source: Source, weight: Float)]

        mutating func advance(by count: Int) {
            former += count
            for index in others.indices { others[index].source += count }
        }
    }

    /// `into[i] <- the sum`, in float32. Up to four terms take one pass; each further three take one more. The own term
    /// is summed first, where there is one, then the others in their order: wherever the numbers lie, the sum has the
    /// same bits.
    static func combine(into: Destination, _ sum: Sum, count: Int) {
        let former = sum.former
        var rest = sum.others[...]
        if let own = sum.own, former == Source(into) {
            if rest.isEmpty && own == 1 { return }
            add(into, count, own, rest.prefix(3))
            rest = rest.dropFirst(3)
        } else {
            if let own = sum.own { rest.insert((former, own), at: 0) }
            write(into, count, rest.prefix(4))
            rest = rest.dropFirst(4)
        }
        while !rest.isEmpty {
            add(into, count, 1, rest.prefix(3))
            rest = rest.dropFirst(3)
        }
    }

    /// `into[i] <- the sum + sum over k of weights[k] * (sources[k][i] - origin[i])`, in float32 and in this order.
    ///
    /// `origin` may be the destination, and is then what stood there. It goes by pieces that stay in the nearest cache,
    /// so that memory is read and written once however many terms there are.
    static func combine(
        into: Destination, _ sum: Sum, differences: [(source: Source, weight: Float)], from origin: Source, count: Int
    ) {
        var (sum, differences) = (sum, differences)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: min(count, pieceCount)) { piece in
            guard let kept = piece.baseAddress else { return }
            for start in stride(from: 0, to: count, by: pieceCount) {
                let length = min(pieceCount, count - start)
                kept.update(from: origin + start, count: length)
                combine(into: into + start, sum, count: length)
                add(into + start, length, differences, from: kept)
                sum.advance(by: length)
                for index in differences.indices { differences[index].source += length }
            }
        }
    }

    /// Numbers in a piece: with those of its sources they fit into 32 KB.
    private static let pieceCount = 2048

    /// `r[i] <- r[i] + sum of weight x (source[i] - origin[i])`, none of which is `r`.
    private static func add(
        _ r: Destination, _ count: Int, _ differences: [(source: Source, weight: Float)], from o: Source
    ) {
        var rest = differences[...]
        while let (x, a) = rest.popFirst() {
            guard let (y, b) = rest.popFirst() else {
                for i in 0..<count { r[i] = r[i] + a * (x[i] - o[i]) }
                return
            }
            guard let (z, c) = rest.popFirst() else {
                for i in 0..<count { r[i] = r[i] + a * (x[i] - o[i]) + b * (y[i] - o[i]) }
                return
            }
            for i in 0..<count { r[i] = r[i] + a * (x[i] - o[i]) + b * (y[i] - o[i]) + c * (z[i] - o[i]) }
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
