import Runtime
import Vectors

/// The caller's optimizer, which steps in the caller's tensors. What it remembers is saved with the learner, whose
/// caller both are.
struct CalledOptimizer: LocalOptimizer {
    let peer: CalledPeer

    var stepsOutside: Bool { true }

    mutating func begin(step: UInt64) -> Float { peer.learningRate }

    mutating func updated(_ model: Payload, along gradient: Payload) -> Payload? {
        peer.stepped(from: model, along: gradient)
    }

    mutating func update(_ model: inout MutableSpan<Float>, along gradient: Span<Float>) {
        // A model that is written cannot be read at once; nodes ask for `updated`.
        var stepped = FlatVector(count: model.count)
        stepped.write { target in peer.step(from: model.span, along: gradient, into: &target) }
        stepped.read { source in for index in source.indices { model[index] = source[index] } }
    }

    mutating func direction(
        at model: Span<Float>, along gradient: Span<Float>, into target: inout MutableSpan<Float>
    ) {
        peer.step(from: model, along: gradient, into: &target)
        for index in target.indices { target[index] -= model[index] }
    }

    mutating func reset() { peer.reset() }

    var state: StateDict { mutating get { StateDict() } }

    mutating func restore(_ state: StateDict) throws(StateError) {}
}
