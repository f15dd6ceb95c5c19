internal import Vectors

/// Lends the parts of two remembered vectors that lie at a range. Inlined: a loop in the body of a call would read the
/// spans caught from outside again for each number, and could not be done by vectors.
@inline(__always)
func withParts(
    _ first: inout [Float], _ second: inout [Float], in range: Range<Int>,
    _ body: (inout MutableSpan<Float>, inout MutableSpan<Float>) -> Void
) {
    var one = first.mutableSpan
    var other = second.mutableSpan
    one.withPart(range) { one in
        other.withPart(range) { other in body(&one, &other) }
    }
}

/// Lends the parts of three.
@inline(__always)
func withParts(
    _ first: inout [Float], _ second: inout [Float], _ third: inout [Float], in range: Range<Int>,
    _ body: (inout MutableSpan<Float>, inout MutableSpan<Float>, inout MutableSpan<Float>) -> Void
) {
    var last = third.mutableSpan
    withParts(&first, &second, in: range) { one, other in
        last.withPart(range) { last in body(&one, &other, &last) }
    }
}

/// Running mean and mean square of a gradient's numbers, as Adam has them.
struct Moments {
    /// `1 - beta` is taken in double precision: in single precision it would be wrong by 1 in 10,000.
    private let ofMean: Float
    private let kept: Float
    private let ofSquare: Float

    init(beta1: Double, beta2: Double) {
        ofMean = Float(1 - beta1)
        kept = Float(beta2)
        ofSquare = Float(1 - beta2)
    }

    /// Takes in the next number.
    @inline(__always)
    func take(_ slope: Float, _ mean: inout Float, _ square: inout Float) {
        mean += ofMean * (slope - mean)
        square = kept * square + ofSquare * (slope * slope)
    }
}
