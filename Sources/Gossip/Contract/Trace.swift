/// Words of events and effects as one line each, see `Event.line` and `Effect.line`.
extension Vector {
    var line: String {
        switch self {
        case .model: "model"
        case .gradient: "gradient"
        case .named(let number): "v\(number)"
        case .received(let payload): "#\(payload.rawValue)"
        case .told(let peer, let tag): "told \(peer)" + (tag == 0 ? "" : " c\(tag)")
        }
    }
}

extension Pass {
    var line: String { "pass \(microbatch)/\(slot)" }
}

extension PayloadID {
    var line: String { "#\(rawValue)" }
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
