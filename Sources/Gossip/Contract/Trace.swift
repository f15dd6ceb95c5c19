/// Events and effects as one line each: for golden traces and for the last events before a broken promise. Numbers of
/// messages and payloads are those of their peer.
extension Event {
    public var line: String {
        switch self {
        case .start: "start"
        case .gradientReady(let loss, let rate, let samples): "gradient loss=\(loss) rate=\(rate) samples=\(samples)"
        case .averaged(let vector): "averaged \(vector.line)"
        case .scored(let score): "scored \(score)"
        case .received(let payload, let metadata, let peer):
            "received \(payload.map { "#\($0.rawValue)" } ?? "-") \(metadata.line) from \(peer)"
        case .delivered(let id): "delivered \(id.rawValue)"
        case .returned(let id, let payload): "returned \(id.rawValue) \(payload.map { "#\($0.rawValue)" } ?? "-")"
        case .peerJoined(let peer): "joined \(peer)"
        case .peerLeft(let peer): "left \(peer)"
        case .timer(let timer): "timer \(timer.rawValue)"
        case .stop(let step): "stop after \(step)"
        }
    }
}

extension Effect {
    public var line: String {
        switch self {
        case .gradient(let term): "gradient at \(term.line)"
        case .update: "update"
        case .direction(let point, let gradient, let target):
            "\(target.line) ← step at \(point.line) along \(gradient.line)"
        case .combine(let target, let part, let terms):
            "\(target.line)\(part.map(\.line) ?? "") ← " + terms.map(\.line).joined(separator: " + ")
        case .average(let vector): "average \(vector.line)"
        case .score(let vector): "score \(vector.line)"
        case .send(let vector, let part, let metadata, let peer, let id):
            "send \(id.rawValue) \(vector.map(\.line) ?? "-")\(part.map(\.line) ?? "") \(metadata.line) to \(peer)"
        case .resetOptimizer: "reset optimizer"
        case .release(let payload): "release #\(payload.rawValue)"
        case .timer(let timer, let time): "timer \(timer.rawValue) at \(time.seconds) s"
        case .finish: "finish"
        case .abandon(let reason): "abandon: \(reason)"
        }
    }
}

extension Vector {
    var line: String {
        switch self {
        case .model: "model"
        case .gradient: "gradient"
        case .named(let number): "v\(number)"
        case .received(let payload): "#\(payload.rawValue)"
        }
    }
}

extension Part {
    var line: String { "[\(index)/\(count)]" }
}

extension Term {
    var line: String {
        let value = vector.line + (part.map(\.line) ?? "")
        return (weight == 1 ? "" : "\(weight) ") + (origin.map { "(\(value) - \($0.line))" } ?? value)
    }
}

extension Metadata {
    var line: String {
        "r\(round)" + (tag == 0 ? "" : " c\(tag)") + (weight == 0 ? "" : " w\(weight)")
    }
}
