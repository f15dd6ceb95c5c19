public import Configuration

/// Synchronous SGD: every step is taken along the exact average of all peers' gradients.
///
/// Citation: J. Chen, X. Pan, R. Monga, S. Bengio, R. Jozefowicz, Revisiting distributed synchronous SGD,
/// arXiv:1604.00981, 2016; the average is that of `RingAverage`.
///
/// Update rule: `x <- optimizer(x, (1/n) sum over j of g_j(x))`, the same on every peer.
///
/// Assumptions: all peers begin with the same model and live until the end; the graph is not used.
///
/// Departures: none. With peers that begin apart (`common_start: false`) they stay apart by as much. When a peer dies
/// the others give up: an average over all cannot be completed without it.
public struct AllReduce: Algorithm {
    public static let description = Description(
        name: "allreduce", summary: "Synchronous SGD along the exact average of all gradients, on a ring",
        refusals: AggregationRefusal.sum)
    public static let traits = Traits(isLockStep: true, keepsStepWithNeighbours: true, readsGradient: true)

    private var stepCounter: StepCounter

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        stepCounter = StepCounter(steps: setup.steps)
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            effects.gradient()
        case .gradientReady:
            effects.average(.gradient)
        case .averaged:
            effects.update()
            stepCounter.advance()
            if stepCounter.isDone { effects.finish() } else { effects.gradient() }
        case .peerLeft(let peer):
            if !stepCounter.isDone {
                effects.abandon("allreduce cannot go on: peer \(peer) is gone, and every step needs all gradients")
            }
        case .stop(let step):
            stepCounter.stop(after: step)
        default: break
        }
    }
}
