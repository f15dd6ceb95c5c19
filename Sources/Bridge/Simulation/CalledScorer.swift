import Runtime
import Vectors

/// Has the caller say how well a model does on its validation samples.
struct CalledScorer: Scorer {
    let peer: CalledPeer
    let byLoss: Bool

    func score(_ model: Payload) -> Double { peer.score(model, byLoss: byLoss) }
}
