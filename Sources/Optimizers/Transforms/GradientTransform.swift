/// One link of the chain by which a gradient becomes a step, such as clipping or momentum: a rule over flat vectors,
/// with the vectors and words that it remembers under names (after optax's `GradientTransformation`).
///
/// The gradient is transformed block by block, each block by every link before the next one comes, so that the whole
/// chain is one pass over memory. Loops over numbers belong into the link, where the compiler sees their types:
/// calls by protocol are cheap for a block and dear for a number.
public protocol GradientTransform: Sendable {
    /// Where it keeps the vectors that it remembers from step to step: each as long as the model, zeros at first, or
    /// empty where its options make it do without. The names are those of checkpoints.
    static var vectors: [(name: String, path: WritableKeyPath<Self, [Float]>)] { get }

    /// Where it keeps the words that it remembers, such as a count of steps: zero at first.
    static var words: [(name: String, path: WritableKeyPath<Self, UInt64>)] { get }

    /// Whether it reads the parameters. A chain that does not is spared a pass.
    static var readsParameters: Bool { get }

    /// Whether a number's step depends on all numbers of its tensor. Algorithms that divide tensors among peers refuse
    /// that.
    static var measuresTensors: Bool { get }

    /// Whether a step depends on earlier gradients. Algorithms that bring a momentum of their own refuse that.
    var remembersGradients: Bool { get }

    /// Begins a step on this gradient of the whole model, before any of its numbers is transformed. It is the gradient
    /// that the chain gets: what earlier links will make of it is not known yet.
    mutating func begin(_ gradient: Span<Float>, at parameters: Span<Float>, _ context: StepContext)

    /// Transforms the part of the gradient that lies at `range` of the whole: each number goes by `output` into its
    /// place in `target`, which is as long. `parameters` are the numbers of the model that belong to the part, or none
    /// where the transform does not read them.
    mutating func apply(
        _ gradient: Span<Float>, at parameters: Span<Float>, in range: Range<Int>,
        into target: inout MutableSpan<Float>, _ output: StepOutput)
}

extension GradientTransform {
    public static var vectors: [(name: String, path: WritableKeyPath<Self, [Float]>)] { [] }
    public static var words: [(name: String, path: WritableKeyPath<Self, UInt64>)] { [] }
    public static var readsParameters: Bool { false }
    public static var measuresTensors: Bool { false }
    public var remembersGradients: Bool { !Self.vectors.isEmpty }
    public mutating func begin(_ gradient: Span<Float>, at parameters: Span<Float>, _ context: StepContext) {}

    /// Forgets all: every vector and word is zero, as at first.
    mutating func reset() {
        for (_, path) in Self.vectors {
            for index in self[keyPath: path].indices { self[keyPath: path][index] = 0 }
        }
        for (_, path) in Self.words { self[keyPath: path] = 0 }
    }

    /// Adds what it remembers to a state.
    func save(to state: inout OptimizerState) {
        for (name, path) in Self.vectors where !self[keyPath: path].isEmpty {
            state.vectors[name] = self[keyPath: path]
        }
        for (name, path) in Self.words { state.words[name] = self[keyPath: path] }
    }

    /// Takes what it remembers from a state that `save` might have written.
    mutating func restore(_ state: OptimizerState) {
        for (name, path) in Self.vectors where !self[keyPath: path].isEmpty {
            guard let vector = state.vectors[name], vector.count == self[keyPath: path].count else {
                preconditionFailure("a state of vectors \(state.vectors.keys.sorted()) lacks a fitting '\(name)'")
            }
            self[keyPath: path] = vector
        }
        for (name, path) in Self.words {
            guard let word = state.words[name] else { preconditionFailure("a state lacks the word '\(name)'") }
            self[keyPath: path] = word
        }
    }
}

/// The check by which a loop over one vector knows that it may index another, so that the compiler drops its own checks
/// and vectorises.
func requireEqual(_ count: Int, _ other: Int) {
    precondition(count == other, "an optimizer's vectors must be equally long, not \(count) and \(other)")
}
