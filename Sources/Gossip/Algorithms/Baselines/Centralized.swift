public import Configuration

/// Stochastic gradient descent on one peer: the baseline that every decentralised run is measured against.
///
/// Citation: H. Robbins, S. Monro, A stochastic approximation method, Annals of Mathematical Statistics 22, 1951.
///
/// Update rule: `x <- x - eta g(x)`, or whatever step the chosen optimizer makes.
///
/// Assumptions: none of a network; there is one peer, which holds all the data.
///
/// Departures: none.
public struct Centralized: Algorithm {
    public static let description = Description(
        name: "centralized", summary: "plain SGD on one peer: the baseline")
    public static let traits = Traits(stepsFirst: true)

    private var stepCounter: StepCounter

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        guard setup.peers == 1 else {
            throw ConfigurationError(
                key: nil,
                "centralized trains one peer, not \(setup.peers); set peers: 1 or choose a gossip algorithm"
            )
        }
        stepCounter = StepCounter(steps: setup.steps)
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            effects.gradient()
        case .gradientReady:
            effects.update()
            stepCounter.advance()
            if stepCounter.isDone { effects.finish() } else { effects.gradient() }
        case .stop(let step):
            stepCounter.stop(after: step)
        default: break
        }
    }
}
