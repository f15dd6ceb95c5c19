#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The learning rate diminishes as `1 / (1 + decay t) ^ power`, t in epochs, fractions included. With a power from
/// above 0.5 to 1 the rates' sum diverges and that of their squares does not, as H. Robbins and S. Monro ask (1951).
public struct InverseSchedule: Schedule {
    /// How fast the rate falls, per epoch.
    public let decay: Double
    /// The exponent.
    public let power: Double

    /// Falls by this law.
    public init(decay: Double, power: Double = 1) {
        self.decay = decay
        self.power = power
    }

    public func factor(at step: Int, stepsPerEpoch: Double, of steps: Int) -> Double {
        precondition(stepsPerEpoch > 0, "an epoch cannot have \(stepsPerEpoch) steps")
        let base = 1 + decay * Double(step) / stepsPerEpoch
        // The usual powers by operations that give the same bits everywhere.
        if power == 1 { return 1 / base }
        if power == 0.5 { return 1 / base.squareRoot() }
        return pow(base, -power)
    }
}
