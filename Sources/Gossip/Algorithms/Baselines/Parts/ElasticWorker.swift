import Configuration
import Graphs

/// A worker of `EASGD`. The server comes by itself after every round.
struct ElasticWorker: Sendable, Codable {
    private static let force = Vector.named(0)

    private let server: PeerID
    private let alpha: Double
    /// Where it is given, alpha is this times the learning rate.
    private let rho: Double?
    private let period: UInt64
    private var stepCounter: StepCounter
    private var serverModel: PayloadID?
    /// The learning rate of the gradient that is there and not used yet.
    private var rate: Double?

    init(_ setup: Setup, alpha: Double, rho: Double?, period: Int) {
        server = PeerID(setup.peers)
        self.alpha = alpha
        self.rho = rho
        self.period = UInt64(period)
        stepCounter = StepCounter(steps: setup.steps)
    }

    mutating func handle(_ event: Event, _ effects: inout Effects) {
        switch event {
        case .start:
            effects.gradient()
        case .gradientReady(_, let rate, _):
            self.rate = Double(rate)
            finishStep(&effects)
        case .received(.some(let payload), _, _):
            guard !stepCounter.isDone else { break }
            effects.keep(payload)
            serverModel = payload
            finishStep(&effects)
        case .peerLeft(server) where !stepCounter.isDone:
            effects.abandon("\(EASGD.description.name) cannot go on: its server, peer \(server), is gone")
        case .stop(let step):
            stepCounter.stop(after: step)
        case .end:
            if let serverModel { effects.release(serverModel) }
            serverModel = nil
        default: break
        }
    }

    /// Steps once the gradient is there and, in an exchange, the server.
    private mutating func finishStep(_ effects: inout Effects) {
        guard let rate else { return }
        if stepCounter.step % period == 0 {
            guard let serverModel else { return }
            pull(serverModel, alpha: rho.map { $0 * rate } ?? alpha, &effects)
        } else {
            effects.update()
        }
        self.rate = nil
        stepCounter.advance()
        if stepCounter.isDone { effects.finish() } else { effects.gradient() }
    }

    private mutating func pull(_ serverModel: PayloadID, alpha: Double, _ effects: inout Effects) {
        effects.combine(into: Self.force, Term(alpha, .model), Term(-alpha, .received(serverModel)))
        effects.release(serverModel)
        self.serverModel = nil
        effects.send(Self.force, metadata: Metadata(round: stepCounter.step), to: server)
        effects.update()
        effects.combine(into: .model, Term(1, .model), Term(-1, Self.force))
    }
}
