import Gossip
import Runtime
import Vectors

/// A request that waits for its virtual time, as numbers.
extension PassRequest {
    var saved: StateDict {
        var numbers = StateDict(words: ["pass": [pass.microbatch, UInt64(pass.slot), UInt64(parts.count)]])
        if let model { numbers.vectors["model"] = model.array() }
        for (place, part) in parts.enumerated() { numbers.vectors["part.\(place)"] = part.array() }
        return numbers
    }

    init(_ saved: StateDict) throws(StateError) {
        let words = try saved.words("pass", count: 3)
        let pass = Pass(microbatch: words[0], slot: Int(clamping: words[1]))
        if let model = saved.vectors["model"] {
            self.init(beginning: pass, at: Payload(model))
            return
        }
        var parts: [Payload] = []
        for place in 0..<Int(clamping: words[2]) {
            guard let part = saved.vectors["part.\(place)"] else { throw StateError("there is no part \(place)") }
            parts.append(Payload(part))
        }
        self.init(resuming: pass, with: parts)
    }
}
