#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The learning rate falls from its full value along half a cosine: PyTorch's `CosineAnnealingLR` over the whole run,
/// after I. Loshchilov, F. Hutter, SGDR: stochastic gradient descent with warm restarts, ICLR 2017, without restarts.
///
/// The value `final` would be that of the step behind the last.
public struct CosineSchedule: Schedule {
    /// The share that is left at the end.
    public let final: Double

    /// Falls to this share.
    public init(final: Double = 0) { self.final = final }

    public func factor(at step: Int, stepsPerEpoch: Double, of steps: Int) -> Double {
        let progress = min(Double(step) / Double(max(steps, 1)), 1)
        return final + (1 - final) * (1 + cos(.pi * progress)) / 2
    }
}
