import Runtime
import Vectors

/// Has the caller score models, which lie in its tensors meanwhile.
struct OutsideScorer: Scorer {
    let tensors: CallerTensors
    let seat: CallerSeat
    /// Whether the score is the loss below nothing, also where there is an accuracy.
    let scoresLoss: Bool

    func score(_ model: Payload) -> Double {
        var lent: CallerTensors.Lent?
        let score = seat.ask {
            lent = tensors.lend(model)
            return tensors.takeWritten(.score, scoresLoss: scoresLoss)
        }
        if let lent { tensors.takeBack(lent) }
        return score ?? 0
    }
}
