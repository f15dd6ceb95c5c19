import CMurmur
import Gossip
import Graphs

extension Event {
    /// Lends the event as a flat structure; nil for one of passes through a piece of a network, of which algorithms
    /// from outside know nothing.
    func withFlat<Result>(now: Time, _ body: (UnsafePointer<murmur_event>) -> Result) -> Result? {
        guard var flat else { return nil }
        flat.size = UInt32(MemoryLayout<murmur_event>.size)
        flat.now_nanoseconds = now.nanoseconds
        guard case .measured(let measurements) = self else { return body(&flat) }
        return measurements.map(\.distance).withUnsafeBufferPointer { distances in
            flat.distances = distances.baseAddress
            flat.distance_count = UInt64(distances.count)
            return body(&flat)
        }
    }

    private var flat: murmur_event? {
        var flat = murmur_event()
        func kind(_ kind: murmur_event_kind) { flat.kind = kind.rawValue }
        func payload(_ payload: PayloadID?) {
            flat.payload = payload?.rawValue ?? 0
            flat.has_payload = payload == nil ? 0 : 1
        }
        switch self {
        case .start: kind(MURMUR_EVENT_START)
        case .gradientReady(let loss, let rate, let samples):
            kind(MURMUR_EVENT_GRADIENT_READY)
            (flat.loss, flat.learning_rate, flat.samples) = (loss, rate, UInt64(samples))
        case .passStopped, .passEnded: return nil
        case .averaged(let vector):
            kind(MURMUR_EVENT_AVERAGED)
            flat.vector = vector.flat
        case .scored(let score):
            kind(MURMUR_EVENT_SCORED)
            flat.score = score
        case .measured: kind(MURMUR_EVENT_MEASURED)
        case .received(let value, let metadata, let peer):
            kind(MURMUR_EVENT_RECEIVED)
            payload(value)
            (flat.metadata, flat.peer) = (metadata.flat, UInt32(peer.rawValue))
        case .delivered(let message):
            kind(MURMUR_EVENT_DELIVERED)
            flat.message = message.rawValue
        case .returned(let message, let value):
            kind(MURMUR_EVENT_RETURNED)
            flat.message = message.rawValue
            payload(value)
        case .peerJoined(let peer):
            kind(MURMUR_EVENT_PEER_JOINED)
            flat.peer = UInt32(peer.rawValue)
        case .peerLeft(let peer):
            kind(MURMUR_EVENT_PEER_LEFT)
            flat.peer = UInt32(peer.rawValue)
        case .timer(let timer):
            kind(MURMUR_EVENT_TIMER)
            flat.timer = timer.rawValue
        case .stop(let step):
            kind(MURMUR_EVENT_STOP)
            flat.step = step
        case .leave: kind(MURMUR_EVENT_LEAVE)
        case .end: kind(MURMUR_EVENT_END)
        }
        return flat
    }
}
