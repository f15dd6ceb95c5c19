public import Graphs

/// What can happen to an algorithm. Each is handled at once, in the order in which the node met them.
public enum Event: Hashable, Sendable, Codable {
    /// Once, before all others.
    case start
    /// The gradient asked for lies in `.gradient`. `loss` is the batch's mean, `learningRate` the optimizer's in this
    /// step, `samples` the size of the batch.
    case gradientReady(loss: Float, learningRate: Float, samples: Int)
    /// The vector that was to be averaged holds the average over all peers.
    case averaged(Vector)
    /// How well the vector that was to be scored does: the higher the better.
    case scored(Double)
    /// A message came; its payload stays until released. A message may carry no payload.
    case received(PayloadID?, metadata: Metadata, from: PeerID)
    /// The receiver has the message and will have handled it.
    case delivered(MessageID)
    /// The receiver will never handle the message: its value and its note come back to the sender.
    case returned(MessageID, PayloadID?)
    case peerJoined(PeerID)
    case peerLeft(PeerID)
    case timer(TimerID)
    /// End after this step; a later step that has begun is still finished.
    case stop(afterStep: UInt64)
}
