import Gossip
import Randomness
import Vectors

/// What only byzantine peers want.
extension Node where Steps: ~Copyable, Environment: ~Copyable {
    /// Carries out an effect by which a byzantine peer makes a vector.
    mutating func carryOutAttack(_ effect: Effect) {
        switch effect {
        case .noise(let target, let deviation, var stream):
            vectors.write(slot(target)) { span in
                for index in span.indices { span[index] = Float(deviation * stream.normal()) }
            }
        case .deviation(let target, let sources):
            vectors.deviation(into: slot(target), of: sources.map { source($0, 0..<vectors.count) })
        default: preconditionFailure("\(effect.line) is no attack")
        }
    }
}
