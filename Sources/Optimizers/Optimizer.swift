internal import Vectors

/// How a gradient becomes a step: a chain of transforms, then `x <- x - learningRate * g`, in one pass over memory.
///
/// An optimizer knows one model's worth of state and nothing of peers or schedules. Whoever runs it sets `learningRate`
/// before each step. Clipping and weight decay in the sense of L2 regularisation come earlier (see `GradientShaping`),
/// because they belong to the point where the gradient was taken, which need not be the vector that is updated.
///
/// All spans have `count` numbers; any other number is a bug.
public struct Optimizer: ~Copyable, Sendable {
    /// Numbers in the vectors it works on.
    public let count: Int
    /// What the next step is scaled by.
    public var learningRate: Float
    private var transforms: [any GradientTransform]
    /// The part of a step that is being transformed. It stays in the first cache, together with that of the model and
    /// of what the transforms remember.
    private var block: [Float]
    private static let blockLength = 1024

    /// An optimizer by these transforms, the first one first; without any it is stochastic gradient descent (Robbins
    /// and Monro, 1951).
    public init(count: Int, learningRate: Float, _ transforms: [any GradientTransform] = []) {
        self.count = count
        self.learningRate = learningRate
        self.transforms = transforms
        block = transforms.isEmpty ? [] : [Float](repeating: 0, count: min(count, Self.blockLength))
    }

    /// Whether it remembers gradients. Algorithms that bring a momentum of their own refuse an optimizer that does.
    public var hasMomentum: Bool { transforms.contains(where: \.remembersGradients) }

    /// Takes a step: `model <- model + d`, where `d` is what `direction(at:along:into:)` would have written in its
    /// place.
    public mutating func update(_ model: inout MutableSpan<Float>, along gradient: Span<Float>) {
        step(along: gradient, at: nil, into: &model)
    }

    /// Writes the step without taking it, and remembers it as taken: `d` points downhill and is to be added.
    ///
    /// For `sgd`, `d = -learningRate * gradient`. The state moves on exactly as in `update`, so an algorithm calls one
    /// of the two for each gradient, never both.
    public mutating func direction(
        at model: Span<Float>, along gradient: Span<Float>, into direction: inout MutableSpan<Float>
    ) {
        step(along: gradient, at: model, into: &direction)
    }

    /// Forgets all gradients seen: the next step is like the first. The learning rate stays.
    public mutating func reset() {
        for index in transforms.indices { transforms[index].reset() }
    }

    /// What it remembers; the learning rate is not part of it. Set it to what another optimizer of the same chain and
    /// count remembered, to go on from there.
    public var state: OptimizerState {
        get {
            var state = OptimizerState()
            for transform in transforms { transform.save(to: &state) }
            return state
        }
        set {
            for index in transforms.indices { transforms[index].restore(newValue) }
        }
    }

    /// Writes the step from `model` over `target`; without a model it is taken from `target`, and added to it.
    private mutating func step(
        along gradient: Span<Float>, at model: Span<Float>?, into target: inout MutableSpan<Float>
    ) {
        requireEqual(count, gradient.count)
        requireEqual(count, target.count)
        for index in transforms.indices { transforms[index].begin(gradient) }
        guard !transforms.isEmpty else { return finish(gradient, adding: model == nil, into: &target) }
        for start in stride(from: 0, to: count, by: Self.blockLength) {
            let range = start..<min(start + Self.blockLength, count)
            let part = gradient.extracting(range)
            if let model {
                Self.apply(&transforms, to: part, at: model.extracting(range), in: range, into: &block)
            } else {
                Self.apply(&transforms, to: part, at: target.span.extracting(range), in: range, into: &block)
            }
            target.withPart(range) { part in
                finish(block.span.extracting(first: range.count), adding: model == nil, into: &part)
            }
        }
    }

    /// Sets the beginning of the block to the transformed part of the gradient.
    private static func apply(
        _ transforms: inout [any GradientTransform], to gradient: Span<Float>, at parameters: Span<Float>,
        in range: Range<Int>, into block: inout [Float]
    ) {
        var whole = block.mutableSpan
        whole.withPart(0..<range.count) { part in
            requireEqual(part.count, gradient.count)
            for index in 0..<part.count { part[index] = gradient[index] }
            for index in transforms.indices { transforms[index].apply(to: &part, at: parameters, in: range) }
        }
    }

    /// Sets the target to the step along a transformed gradient, or adds it.
    private func finish(_ gradient: Span<Float>, adding: Bool, into target: inout MutableSpan<Float>) {
        let (count, rate) = (target.count, learningRate)
        requireEqual(count, gradient.count)
        if adding {
            for index in 0..<count { target[index] -= rate * gradient[index] }
        } else {
            for index in 0..<count { target[index] = -rate * gradient[index] }
        }
    }
}
