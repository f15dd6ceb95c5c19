public import Randomness

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How long a frame is under way, in seconds, its waiting for the link apart.
public struct Latency: Sendable, Hashable {
    /// The shapes that a network's delays can have. All have the mean that is asked for.
    public enum Shape: String, Sendable, Hashable, CaseIterable {
        /// Always the mean.
        case constant
        /// Normal, with draws below 0 drawn again.
        case normal
        /// Pareto's power law: most frames near the least delay, a few many times slower. Its index is
        /// `1 + sqrt(1 + 1 / spread^2)`, above 2, which gives it the asked-for standard deviation.
        case heavyTailed = "heavy-tailed"
    }

    /// How delays are spread around the mean.
    public let shape: Shape
    /// The mean delay in seconds.
    public let meanSeconds: Double
    /// The standard deviation as a share of the mean; of no effect where the shape is constant.
    public let spread: Double

    /// Neither the mean nor the spread may be below 0.
    public init(_ shape: Shape, meanSeconds: Double, spread: Double = 0) {
        precondition(meanSeconds >= 0 && meanSeconds.isFinite, "a frame cannot take \(meanSeconds) s")
        precondition(spread >= 0 && spread.isFinite, "delays cannot vary by \(spread) of their mean")
        self.shape = shape
        self.meanSeconds = meanSeconds
        self.spread = spread
    }

    /// A latency that never varies.
    public static func constant(_ seconds: Double) -> Latency { Latency(.constant, meanSeconds: seconds) }

    /// The delay of the next frame.
    public func seconds(_ random: inout RandomStream) -> Double {
        guard spread > 0, meanSeconds > 0 else { return meanSeconds }
        switch shape {
        case .constant: return meanSeconds
        case .normal: return random.normal(mean: meanSeconds, deviation: spread * meanSeconds)
        case .heavyTailed:
            let index = paretoIndex
            // Of a spread so small that its square is none, nothing is seen.
            guard index.isFinite else { return meanSeconds }
            let least = meanSeconds * (index - 1) / index
            return least * pow(1 - random.uniform(), -1 / index)
        }
    }

    /// The index whose Pareto distribution has a standard deviation of `spread` times its mean.
    var paretoIndex: Double { 1 + (1 + 1 / (spread * spread)).squareRoot() }
}

extension RandomStream {
    /// A number with the normal distribution, truncated at 0: what falls below is drawn again. The mean may not be
    /// below 0, so that more than two draws are rare.
    mutating func normal(mean: Double, deviation: Double) -> Double {
        while true {
            let number = mean + deviation * normal()
            if number >= 0 { return number }
        }
    }
}
