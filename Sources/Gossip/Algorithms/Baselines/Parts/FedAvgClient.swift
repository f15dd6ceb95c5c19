import Configuration

/// A client of `FedAvg`: trains when it is sent a model.
struct FedAvgClient: Sendable, Codable {
    private let samples: Int
    private let stepsPerRound: Int
    private var liveness: ServerLiveness
    /// A model that has come and waits for the gradient of a round that is void.
    private var work: PayloadID?
    /// Steps that are left in this round.
    private var left = 0
    private var made: UInt64 = 0
    private var isComputing = false
    private var hasEnded = false
    /// The step after which no round is to go on.
    private var stop: UInt64?

    init(_ setup: Setup, epochs: Int) {
        samples = setup.samples
        stepsPerRound = epochs * max(setup.stepsPerEpoch, 1)
        liveness = ServerLiveness(setup)
    }

    mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .gradientReady:
            isComputing = false
            if left > 0 { step(&effects) }
            begin(&effects)
        case .received(.some(let payload), let metadata, _):
            if metadata.tag == FedAvg.Channel.end { hasEnded = true }
            if let work { effects.release(work) }
            effects.keep(payload)
            work = payload
            begin(&effects)
        case .peerLeft(liveness.server) where !hasEnded:
            left = 0
            liveness.left(now: now, &effects)
        case .peerJoined(liveness.server):
            liveness.joined()
        case .timer where !hasEnded:
            liveness.patienceEnded(FedAvg.description.name, &effects)
        case .stop(let step):
            stop = min(step, stop ?? step)
        default: break
        }
    }

    /// Takes over the model that has come, unless a gradient at an older one is still being computed.
    private mutating func begin(_ effects: inout Effects) {
        guard !isComputing, let payload = work else { return }
        work = nil
        effects.combine(into: .model, Term(1, .received(payload)))
        effects.release(payload)
        if hasEnded {
            effects.finish()
        } else {
            effects.resetOptimizer()
            left = stepsPerRound
            compute(&effects)
        }
    }

    private mutating func compute(_ effects: inout Effects) {
        isComputing = true
        effects.gradient()
    }

    private mutating func step(_ effects: inout Effects) {
        effects.update()
        made += 1
        left -= 1
        if let stop, made >= stop { left = 0 }
        guard left == 0 else { return compute(&effects) }
        effects.send(
            .model, metadata: Metadata(round: made, weight: Double(samples)), to: liveness.server)
    }
}
