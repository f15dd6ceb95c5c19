#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// Draws are written out here rather than taken from the standard library, whose algorithms may change between releases:
// the same seed must give the same run for years.
extension RandomStream {
    /// A number in [0, 1) with 53 random bits.
    public mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// A number in [low, high).
    public mutating func uniform(from low: Double, to high: Double) -> Double {
        low + (high - low) * uniform()
    }

    /// An integer in 0..<bound, every one equally likely (Lemire's multiplication method with rejection).
    public mutating func integer(below bound: Int) -> Int {
        precondition(bound > 0, "integer(below: \(bound)) has nothing to draw from")
        let range = UInt64(bound)
        var product = next().multipliedFullWidth(by: range)
        if product.low < range {
            let threshold = (0 &- range) % range
            while product.low < threshold {
                product = next().multipliedFullWidth(by: range)
            }
        }
        return Int(product.high)
    }

    /// True with the given probability; one draw whatever the probability, so that changing it shifts no later draw.
    public mutating func bernoulli(_ probability: Double) -> Bool {
        uniform() < probability
    }

    /// A standard normal number (Box and Muller's transform, of which the cosine half is used).
    public mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * Double.pi * uniform())
    }

    /// Leaves out as many normal numbers, much faster than they are drawn.
    public mutating func skipNormals(_ count: Int) {
        for _ in 0..<(2 * count) { _ = next() }
    }

    /// The numbers 0..<count in random order (Fisher and Yates).
    public mutating func permutation(of count: Int) -> [Int] {
        var items = Array(0..<count)
        shuffle(&items)
        return items
    }

    /// Puts the items in random order, every order equally likely.
    public mutating func shuffle<Item>(_ items: inout [Item]) {
        for last in stride(from: items.count - 1, to: 0, by: -1) {
            items.swapAt(last, integer(below: last + 1))
        }
    }
}
