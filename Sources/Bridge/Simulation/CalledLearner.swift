import Runtime
import Vectors

/// A learner whose gradients the caller computes.
struct CalledLearner: Learner {
    let peer: CalledPeer

    private static let stateName = "caller"
    private static let rateName = "learning rate"

    mutating func load(_ model: Payload, scale: Float) { peer.put(model, scale: scale) }

    mutating func gradient(into vector: consuming FlatVector) -> GradientResult { peer.gradient(into: vector) }

    /// The caller's bytes, eight a word, behind their number.
    var state: StateDict {
        mutating get {
            let bytes = peer.saved()
            var words = [UInt64(bytes.count)]
            for start in stride(from: 0, to: bytes.count, by: 8) {
                words.append(bytes[start..<min(start + 8, bytes.count)].reversed().reduce(0) { $0 << 8 | UInt64($1) })
            }
            return StateDict(words: [
                Self.stateName: words, Self.rateName: [UInt64(peer.learningRate.bitPattern)],
            ])
        }
    }

    mutating func restore(_ state: StateDict) throws(StateError) {
        let rate = Float(bitPattern: UInt32(truncatingIfNeeded: try state.words(Self.rateName, count: 1)[0]))
        guard let words = state.words[Self.stateName], let count = words.first, words.count == 1 + (Int(count) + 7) / 8
        else { throw StateError("what the caller remembers of a peer is not there") }
        let bytes = words.dropFirst().flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        peer.restore(Array(bytes.prefix(Int(count))), learningRate: rate)
    }
}
