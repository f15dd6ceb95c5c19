#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension RandomStream {
    /// Shares of a whole, drawn from the symmetric Dirichlet distribution: non-negative numbers whose sum is 1, the
    /// more unequal the lower the concentration.
    public mutating func dirichlet(concentration: Double, count: Int) -> [Double] {
        precondition(count > 0, "a whole cannot be shared by \(count)")
        // As logarithms: with a low concentration the numbers themselves would all be too small to be told from 0.
        let logarithms = (0..<count).map { _ in logarithmOfGamma(shape: concentration) }
        let largest = logarithms.max() ?? 0
        let weights = logarithms.map { exp($0 - largest) }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }

    /// The logarithm of a number with the gamma distribution of this shape and scale 1.
    ///
    /// G. Marsaglia, W. W. Tsang, A simple method for generating gamma variables, ACM Transactions on Mathematical
    /// Software 26, 2000; a shape below 1 by way of the shape above it, as in their section 6.
    public mutating func logarithmOfGamma(shape: Double) -> Double {
        precondition(shape > 0 && shape.isFinite, "the gamma distribution has no shape \(shape)")
        if shape < 1 {
            let above = logarithmOfGamma(shape: shape + 1)
            return above + log(1 - uniform()) / shape
        }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let root = 1 + c * x
            guard root > 0 else { continue }
            let v = root * root * root
            if log(1 - uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return log(d * v) }
        }
    }
}
