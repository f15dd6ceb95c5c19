internal import Vectors

/// Adds the gradient of `coefficient / 2 * |x|^2`: `g <- g + coefficient * x`, L2 regularisation in PyTorch's sense of
/// `weight_decay`.
public struct WeightDecay: GradientTransform {
    /// What the numbers are multiplied by.
    public let coefficient: Float
    /// The numbers that decay, in rising order; nil for all.
    public let ranges: [Range<Int>]?

    /// Weight decay on these numbers of a vector, or on all.
    public init(_ coefficient: Float, in ranges: [Range<Int>]? = nil) {
        self.coefficient = coefficient
        self.ranges = ranges
    }

    public static var readsParameters: Bool { true }

    public func apply(
        _ gradient: Span<Float>, at parameters: Span<Float>, in range: Range<Int>,
        into target: inout MutableSpan<Float>, _ output: StepOutput
    ) {
        precondition(output == .next, "weight decay reads the parameters and so does not write them")
        let count = gradient.count
        requireEqual(count, target.count)
        for index in 0..<count { target[index] = gradient[index] }
        add(to: &target, at: parameters, in: range)
    }

    /// Adds it to the part of a gradient that lies at `range` of the whole, where it stands.
    func add(to gradient: inout MutableSpan<Float>, at parameters: Span<Float>, in range: Range<Int>) {
        requireEqual(gradient.count, parameters.count)
        guard let ranges else { return add(to: &gradient, at: parameters) }
        for decayed in ranges where decayed.overlaps(range) {
            let common = decayed.clamped(to: range)
            let own = (common.lowerBound - range.lowerBound)..<(common.upperBound - range.lowerBound)
            gradient.withPart(own) { add(to: &$0, at: parameters.extracting(own)) }
        }
    }

    private func add(to gradient: inout MutableSpan<Float>, at parameters: Span<Float>) {
        let (count, coefficient) = (gradient.count, coefficient)
        requireEqual(count, parameters.count)
        for index in 0..<count { gradient[index] += coefficient * parameters[index] }
    }
}
