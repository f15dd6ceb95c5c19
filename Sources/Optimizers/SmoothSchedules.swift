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

    public init(final: Double = 0) { self.final = final }

    public func factor(at step: Int, stepsPerEpoch: Double, of steps: Int) -> Double {
        let progress = min(Double(step) / Double(max(steps, 1)), 1)
        return final + (1 - final) * (1 + cos(.pi * progress)) / 2
    }
}

/// The learning rate diminishes as `1 / (1 + decay t) ^ power`, t in epochs, fractions included. With a power from
/// above 0.5 to 1 the rates' sum diverges and that of their squares does not, as H. Robbins and S. Monro ask (1951).
public struct InverseSchedule: Schedule {
    public let decay: Double
    public let power: Double

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

/// Another schedule whose first epochs are damped by a factor that rises from nearly 0 to 1 in equal steps, after
/// P. Goyal and others, Accurate, large minibatch SGD, 2017. The other schedule counts its epochs from the run's begin.
public struct WarmUp: Schedule {
    public let epochs: Double
    private let schedule: any Schedule

    public init(_ schedule: any Schedule, epochs: Double) {
        self.schedule = schedule
        self.epochs = epochs
    }

    public func factor(at step: Int, stepsPerEpoch: Double, of steps: Int) -> Double {
        let rise = min(Double(step + 1) / (epochs * stepsPerEpoch), 1)
        return rise * schedule.factor(at: step, stepsPerEpoch: stepsPerEpoch, of: steps)
    }
}
