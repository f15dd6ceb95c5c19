import Gossip
import Graphs
import Runtime
import Synchronization
import TestKit
import Vectors

@testable import OpenTransport

/// What a learning peer's node asks of its engine, and of its learner, who computes when its peer says so.
final class LearningPort: Port {
    /// The engine, for as long as the peer has it.
    final class Wire: Sendable {
        let engine = Mutex<OpenEngine?>(nil)
        func use(_ body: (OpenEngine) -> Void) { if let engine = engine.withLock({ $0 }) { body(engine) } }
    }

    let wire: Wire
    private var learner: QuadraticLearner
    private var asked: (model: Payload, scale: Float)?
    private var gradient: FlatVector?
    /// How many gradients the node has asked for so far.
    private(set) var askedCount = 0

    init(wire: Wire, learner: consuming sending QuadraticLearner) {
        self.wire = wire
        self.learner = learner
    }

    func send(_ frame: Frame) { wire.use { $0.send(frame) } }

    func setTimer(_ timer: NodeTimer, at time: Time) { preconditionFailure("GoSGD sets no timers") }

    func greet(_ peer: PeerID, connection: UInt64, with greeting: LinkSession.Greeting) {
        wire.use { $0.greet(peer, connection: connection, greeting) }
    }

    func beginGradient(at model: Payload, scale: Float, reusing spent: consuming FlatVector?) {
        asked = (model, scale)
        askedCount += 1
    }

    func takeGradient() -> FlatVector {
        guard let gradient = gradient.take() else { preconditionFailure("no gradient was computed") }
        return gradient
    }

    /// Computes what was asked for; where nothing is to be learnt the gradient is 0.
    func compute(learns: Bool) -> GradientReport? {
        guard let (model, scale) = asked.take() else { return nil }
        guard learns else {
            gradient = FlatVector(count: model.count)
            return GradientReport(loss: 0, correct: 0, samples: 1)
        }
        learner.load(model, scale: scale)
        let result = learner.gradient(into: FlatVector(count: model.count))
        let report = result.report
        gradient = result.takeGradient()
        return report
    }
}
