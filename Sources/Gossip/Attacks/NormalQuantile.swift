#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Attack {
    /// The `z` of `alie` among so many peers, of whom so many are byzantine: those must look nearer to the mean than
    /// `s` honest ones, who then are a majority with them. With few of them, or with half of all, nothing or anything
    /// hides; the share is kept from 0.1 % to 99.9 %.
    static func hiddenDeviations(peers: Int, byzantine: Int) -> Double {
        let honest = max(1, peers - byzantine)
        let supporters = peers / 2 + 1 - byzantine
        let share = Double(honest - supporters) / Double(honest)
        return normalQuantile(min(max(share, 0.001), 0.999))
    }

    /// Where the standard normal distribution function has this value, by halving intervals.
    static func normalQuantile(_ share: Double) -> Double {
        var (low, high) = (-8.0, 8.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if erfc(-middle / 2.0.squareRoot()) / 2 < share { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
