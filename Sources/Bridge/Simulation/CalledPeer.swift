import CMurmur
import Runtime
import Vectors

/// One of the caller's models in a simulation: what lies in its tensors, and what is made of it.
///
/// Numbers are copied only where they differ: as long as a payload is held here nobody writes it, so that the very same
/// payload is known to lie in the tensors still.
///
/// `@unchecked Sendable` holds because a simulation runs on one thread; its learner, optimizer and scorer share it.
final class CalledPeer: @unchecked Sendable {
    private let number: UInt32
    private let callbacks: LearningCallbacks
    /// Whether the algorithm wants the gradient itself and not only the step along it.
    private let readsGradient: Bool
    private let pool: PayloadPool
    private let memory: TensorMemory
    /// What the tensors hold, where that is known.
    private var held: (payload: Payload, scale: Float)?
    /// The learning rate of the last gradient's step.
    private(set) var learningRate: Float = 0

    init(
        _ number: UInt32, _ memory: TensorMemory, _ callbacks: LearningCallbacks, readsGradient: Bool,
        pool: PayloadPool
    ) {
        self.number = number
        self.memory = memory
        self.callbacks = callbacks
        self.readsGradient = readsGradient
        self.pool = pool
    }

    /// What the tensors hold, as a vector.
    func model() -> FlatVector {
        var vector = FlatVector(count: memory.count)
        vector.write { span in memory.read(into: &span) }
        return vector
    }

    /// Puts `scale` times a vector into the tensors.
    func put(_ model: Payload, scale: Float = 1) {
        if let held, held.payload === model, held.scale == scale { return }
        let scaled =
            scale == 1
            ? model
            : pool.payload(count: memory.count) { target in
                model.read { source in for index in source.indices { target[index] = scale * source[index] } }
            }
        scaled.read { memory.write($0) }
        held = (model, scale)
    }

    /// Forgets what the tensors hold: the caller may have written them.
    func forget() { held = nil }

    /// The gradient at what the tensors hold; where nobody reads it, it stays with the caller, and the vector is what
    /// it was.
    func gradient(into vector: consuming FlatVector) -> GradientResult {
        var vector = vector
        let batch =
            readsGradient
            ? vector.write { span in
                span.withUnsafeMutableBufferPointer { callbacks.gradient(of: number, into: $0.baseAddress) }
            } : callbacks.gradient(of: number, into: nil)
        learningRate = batch.learning_rate
        let report = GradientReport(loss: batch.loss, correct: 0, samples: Int(max(batch.samples, 1)))
        return GradientResult(gradient: vector, report: report)
    }

    /// What the optimizer makes of a model, as a vector of its own.
    func stepped(from model: Payload, along gradient: Payload) -> Payload {
        put(model)
        gradient.read { step(along: $0) }
        let stepped = pool.payload(count: memory.count) { memory.read(into: &$0) }
        // Held: at the next gradient it lies there already, unless something was mixed into the model meanwhile.
        held = (stepped, 1)
        return stepped
    }

    /// The same with vectors that are only lent: `target` is what the optimizer makes of the model.
    func step(from model: Span<Float>, along gradient: Span<Float>, into target: inout MutableSpan<Float>) {
        memory.write(model)
        step(along: gradient)
        memory.read(into: &target)
    }

    private func step(along gradient: Span<Float>) {
        forget()
        guard readsGradient else { return callbacks.step(number, along: nil) }
        gradient.withUnsafeBufferPointer { callbacks.step(number, along: $0.baseAddress) }
    }

    func reset() { callbacks.reset(number) }

    func score(_ model: Payload, byLoss: Bool) -> Double {
        put(model)
        return callbacks.score(number, byLoss: byLoss)
    }

    /// What the caller remembers of the peer besides its parameters.
    func saved() -> [UInt8] { callbacks.save(number) }

    func restore(_ bytes: [UInt8], learningRate: Float) {
        forget()
        self.learningRate = learningRate
        callbacks.restore(number, bytes)
    }
}
