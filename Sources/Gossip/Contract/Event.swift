public import Graphs

/// What can happen to an algorithm. Each is handled at once, in the order in which the node met them; an algorithm
/// names those that it cares for, and leaves the rest to a `default`.
public enum Event: Hashable, Sendable, Codable {
    /// Once, before all others.
    case start
    /// The gradient asked for lies in `.gradient`. `loss` is the batch's mean, `learningRate` the optimizer's in this
    /// step, `samples` the size of the batch.
    case gradientReady(loss: Float, learningRate: Float, samples: Int)
    /// A pass has come to a stop, with the parts that it has for others.
    case passStopped(Pass, at: PassStop, parts: [PayloadID])
    /// A pass is done: `.gradient` holds its share of the gradient of the microbatch's mean loss, 0 where the
    /// parameters are not the slot's. `loss` is its share of that mean, of the last stage alone; so are `samples`.
    case passEnded(Pass, loss: Float, samples: Int)
    /// The vector that was to be averaged holds the average over all peers.
    case averaged(Vector)
    /// How well the vector that was to be scored does: the higher the better.
    case scored(Double)
    /// How far the vectors that were to be measured are away, in their order.
    case measured([Measurement])
    /// A message came; its payload goes with the event unless it is kept. A message may carry no payload.
    case received(PayloadID?, metadata: Metadata, from: PeerID)
    /// The receiver has the message and will have handled it.
    case delivered(MessageID)
    /// The receiver will never handle the message: its value and its metadata come back to the sender. The value goes
    /// with the event unless it is kept.
    case returned(MessageID, PayloadID?)
    case peerJoined(PeerID)
    case peerLeft(PeerID)
    case timer(TimerID)
    /// End after this step; a later step that has begun is still finished.
    case stop(afterStep: UInt64)
    /// This peer is about to leave while the others go on: what it holds of a whole is to go to others, who are to
    /// miss nothing. It begins no further step, and goes once it holds nothing and all it sent is delivered. Told where
    /// links come and go alone.
    case leave
    /// The run is over, and nothing will happen any more: what is kept is to be released.
    case end
}

/// Events as one line each: for golden traces and for the last events before a broken promise. Numbers of messages and
/// payloads are those of their peer.
extension Event {
    /// The event in words, without its time.
    public var line: String {
        switch self {
        case .start: "start"
        case .gradientReady(let loss, let rate, let samples): "gradient loss=\(loss) rate=\(rate) samples=\(samples)"
        case .passStopped(let pass, let stop, let parts):
            "\(pass.line) stops for \(stop)" + parts.map { " " + $0.line }.joined()
        case .passEnded(let pass, let loss, let samples): "\(pass.line) ends loss=\(loss) samples=\(samples)"
        case .averaged(let vector): "averaged \(vector.line)"
        case .scored(let score): "scored \(score)"
        case .measured(let measurements):
            "measured" + measurements.map { $0.isFinite ? " \($0.distance)" : " none" }.joined()
        case .received(let payload, let metadata, let peer):
            "received \(payload.map { "#\($0.rawValue)" } ?? "-") \(metadata.line) from \(peer)"
        case .delivered(let id): "delivered \(id.rawValue)"
        case .returned(let id, let payload): "returned \(id.rawValue) \(payload.map { "#\($0.rawValue)" } ?? "-")"
        case .peerJoined(let peer): "joined \(peer)"
        case .peerLeft(let peer): "left \(peer)"
        case .timer(let timer): "timer \(timer.rawValue)"
        case .stop(let step): "stop after \(step)"
        case .leave: "leave"
        case .end: "end"
        }
    }
}
