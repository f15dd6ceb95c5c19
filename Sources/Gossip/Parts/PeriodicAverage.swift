import Configuration

/// What algorithms have in common whose peers learn alone for a number of steps and then take the exact average of all
/// models. All peers must live: an average over all cannot be completed without one, so the others give up.
protocol PeriodicAverage: Algorithm {
    var periods: Periods { get set }

    /// Makes ready for the first step.
    mutating func begin(_ effects: inout Effects)
    /// Goes on from the average, which lies in the model.
    mutating func step(_ effects: inout Effects)
}

extension PeriodicAverage {
    mutating func begin(_ effects: inout Effects) {}

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            begin(&effects)
            effects.gradient()
        case .gradientReady(_, let rate, _):
            periods.count(rate: Double(rate))
            effects.update()
            if (periods.stepCounter.step + 1) % periods.length == 0 { effects.average(.model) } else { goOn(&effects) }
        case .averaged:
            step(&effects)
            goOn(&effects)
        case .peerLeft(let peer):
            if !periods.stepCounter.isDone {
                effects.giveUp(Self.description.name, without: peer, "the average of all models needs its own")
            }
        case .stop(let step):
            periods.stepCounter.stop(after: step)
        default: break
        }
    }

    private mutating func goOn(_ effects: inout Effects) {
        periods.stepCounter.advance()
        if periods.stepCounter.isDone { effects.finish() } else { effects.gradient() }
    }
}
