internal import Randomness
internal import Vectors

/// A thin matrix, one column behind the other.
struct Columns {
    private(set) var numbers: [Float]
    private let count: Int
    private let length: Int

    /// Columns of zeros.
    init(count: Int, length: Int) { self.init([], count: count, length: length) }

    /// Columns of these numbers, or of zeros where they are not as many as such columns have.
    init(_ numbers: [Float], count: Int, length: Int) {
        self.numbers = numbers.count == count * length ? numbers : [Float](repeating: 0, count: count * length)
        self.count = count
        self.length = length
    }

    private func range(_ column: Int) -> Range<Int> { column * length..<(column + 1) * length }

    subscript(_ column: Int) -> [Float] { Array(numbers[range(column)]) }

    mutating func set(_ column: Int, _ values: [Float]) {
        numbers.replaceSubrange(range(column), with: values)
    }

    /// Draws a column that has come to nothing, or to what is no number, so that the iteration can go on from it.
    mutating func renew(_ column: Int, _ stream: inout RandomStream) {
        let square = squaredNorm(self[column].span)
        if square > 0 && square.isFinite { return }
        for index in range(column) { numbers[index] = Float(stream.normal()) }
    }

    /// Makes the columns orthonormal (Gram and Schmidt, each column twice, which is enough); one that lies within the
    /// span of those before comes to 0.
    mutating func orthonormalize() {
        for column in 0..<count {
            let before = squaredNorm(self[column].span)
            for _ in 0..<2 {
                for other in 0..<column { subtract(other, from: column) }
            }
            let square = squaredNorm(self[column].span)
            // What rounding leaves of a dependent column has no direction.
            let factor = square <= before * 1e-10 ? 0 : Float(1 / square.squareRoot())
            for index in range(column) { numbers[index] *= factor }
        }
    }

    private mutating func subtract(_ other: Int, from column: Int) {
        let product = Float(dot(self[other].span, self[column].span))
        let (from, to) = (range(other).lowerBound, range(column).lowerBound)
        for index in 0..<length {
            let part = product * numbers[from + index]
            numbers[to + index] -= part
        }
    }
}
