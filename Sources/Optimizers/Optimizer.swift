internal import CKernels
internal import Vectors

/// How a gradient becomes a step: a chain of transforms, then `x <- x - learningRate * g`, in one pass over memory.
///
/// An optimizer knows one model's worth of state and nothing of peers or schedules. Whoever runs it sets `learningRate`
/// and `epoch` before each step. Clipping and weight decay in the sense of L2 regularisation come earlier (see
/// `GradientShaping`), because they belong to the point where the gradient was taken, which need not be the vector that
/// is updated.
///
/// Numbers below the least normal one (1.2e-38) count as 0: a mean that decays without end, where gradients stay away,
/// would otherwise come to rest among them, and processors take ten times as long over those.
///
/// All spans have `count` numbers; any other number is a bug.
public struct Optimizer: ~Copyable, Sendable {
    /// Numbers in the vectors it works on.
    public let count: Int
    /// What the next step is scaled by.
    public var learningRate: Float
    /// Epochs since the begin of the run, for rules that change with time.
    public var epoch = 0.0
    private var transforms: [any GradientTransform]
    /// The part of a step that is being transformed, and room for what the next link makes of it. They stay in the
    /// first cache, together with that part of the model and of what the transforms remember.
    private var front: [Float]
    private var back: [Float]
    private static let blockLength = 1024

    /// An optimizer by these transforms, the first one first; without any it is stochastic gradient descent (Robbins
    /// and Monro, 1951).
    public init(count: Int, learningRate: Float, _ transforms: [any GradientTransform] = []) {
        self.count = count
        self.learningRate = learningRate
        self.transforms = transforms
        let needsBlocks = transforms.count > 1 || transforms.contains { type(of: $0).readsParameters }
        front = [Float](repeating: 0, count: needsBlocks ? min(count, Self.blockLength) : 0)
        back = front
    }

    /// Whether it remembers gradients. Algorithms that bring a momentum of their own refuse an optimizer that does.
    public var hasMomentum: Bool { transforms.contains(where: \.remembersGradients) }

    /// Whether a number's step depends on all numbers of its tensor.
    public var measuresTensors: Bool { transforms.contains { type(of: $0).measuresTensors } }

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
        let denormals = kernel_flush_denormals()
        defer { kernel_restore_denormals(denormals) }
        let context = StepContext(learningRate: learningRate, epoch: epoch)
        for index in transforms.indices {
            if let model {
                transforms[index].begin(gradient, at: model, context)
            } else {
                transforms[index].begin(gradient, at: target.span, context)
            }
        }
        let output: StepOutput = model == nil ? .update(rate: learningRate) : .direction(rate: learningRate)
        guard !transforms.isEmpty else { return finish(gradient, into: &target, output) }
        let reads = transforms.contains { type(of: $0).readsParameters }
        // A single link needs no blocks.
        let length = front.isEmpty ? max(count, 1) : Self.blockLength
        for start in stride(from: 0, to: count, by: length) {
            let range = start..<min(start + length, count)
            let part = gradient.extracting(range)
            if !reads {
                // The last link itself puts the step where it belongs.
                let last = transforms.count - 1
                Self.apply(&transforms, upTo: last, to: part, at: Span(), in: range, &front, &back)
                target.withPart(range) { place in
                    Self.apply(&transforms[last], isFirst: last == 0, to: part, front, in: range, &place, output)
                }
            } else {
                let all = transforms.count
                if let model {
                    let parameters = model.extracting(range)
                    Self.apply(&transforms, upTo: all, to: part, at: parameters, in: range, &front, &back)
                } else {
                    let parameters = target.span.extracting(range)
                    Self.apply(&transforms, upTo: all, to: part, at: parameters, in: range, &front, &back)
                }
                target.withPart(range) { finish(front.span.extracting(first: range.count), into: &$0, output) }
            }
        }
    }

    /// Sets the beginning of `front` to what the links before `end` make of a part of the gradient.
    private static func apply(
        _ links: inout [any GradientTransform], upTo end: Int, to gradient: Span<Float>, at parameters: Span<Float>,
        in range: Range<Int>, _ front: inout [Float], _ back: inout [Float]
    ) {
        for link in 0..<end {
            var whole = back.mutableSpan
            whole.withPart(0..<range.count) { place in
                if link == 0 {
                    links[link].apply(gradient, at: parameters, in: range, into: &place, .next)
                } else {
                    let numbers = front.span.extracting(first: range.count)
                    links[link].apply(numbers, at: parameters, in: range, into: &place, .next)
                }
            }
            swap(&front, &back)
        }
    }

    /// Lets a link put its part of the step into place, from the gradient or from what the links before made of it.
    private static func apply(
        _ link: inout any GradientTransform, isFirst: Bool, to gradient: Span<Float>, _ front: [Float],
        in range: Range<Int>, _ place: inout MutableSpan<Float>, _ output: StepOutput
    ) {
        if isFirst {
            link.apply(gradient, at: Span(), in: range, into: &place, output)
        } else {
            link.apply(front.span.extracting(first: range.count), at: Span(), in: range, into: &place, output)
        }
    }

    private func finish(_ gradient: Span<Float>, into target: inout MutableSpan<Float>, _ output: StepOutput) {
        let count = target.count
        requireEqual(count, gradient.count)
        for index in 0..<count { output.put(gradient[index], into: &target[index]) }
    }
}
