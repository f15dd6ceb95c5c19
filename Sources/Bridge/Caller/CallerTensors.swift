import Runtime
import Synchronization
import Vectors

/// The caller's parameters and gradients as the node sees them: what lies there, and when it has to be copied.
///
/// One vector after the other lies in the tensors: the point at which a gradient is wanted, what the caller's optimizer
/// makes of it, the next point. Copied is what differs from what lies there, so that a peer that nobody disturbs copies
/// a step in and never out; and not even that where the model is left here until somebody asks for it.
final class CallerTensors: Sendable {
    private struct State {
        var memory: TensorMemory
        var gradients: TensorMemory?
        /// The point at which the gradient was wanted that the caller took last.
        var point: Payload?
        /// What lies in the tensors now; nil where that is none of the node's vectors.
        var held: Payload?
        var wroteParameters = false
        var wroteGradients = false
        var resetsOptimizer = false
        var copiesIn: UInt64 = 0
        var copiesOut: UInt64 = 0
    }

    private let state: Mutex<State>
    private let pool: PayloadPool
    /// Numbers in all tensors.
    let count: Int

    init(_ memory: TensorMemory, pool: PayloadPool) {
        count = memory.count
        self.pool = pool
        state = Mutex(State(memory: memory))
    }

    /// How often parameters were copied in and out.
    var copies: (inward: UInt64, outward: UInt64) { state.withLock { ($0.copiesIn, $0.copiesOut) } }

    /// Where all tensors lie.
    var ranges: [Range<UInt>] { state.withLock { $0.memory.ranges } }

    /// The parameters lie elsewhere.
    func move(_ moved: (TensorMemory) -> TensorMemory) { state.withLock { $0.memory = moved($0.memory) } }

    /// Where the gradients lie of the step that is under way.
    func setGradients(_ gradients: (TensorMemory) -> TensorMemory) {
        state.withLock { $0.gradients = gradients($0.memory) }
    }

    /// The caller's optimizer has stepped: what lies in the tensors is its own.
    func noteStep() { state.withLock { $0.held = nil } }

    /// The caller's optimizer is to forget what it remembers.
    func noteReset() { state.withLock { $0.resetsOptimizer = true } }

    /// What the caller finds changed, and is to do beside, told once.
    func takeWritten(_ action: Command.Action, scoresLoss: Bool = false) -> Command {
        state.withLock { state in
            var command = Command(action)
            command.scoresLoss = scoresLoss
            (command.wroteParameters, command.wroteGradients) = (state.wroteParameters, state.wroteGradients)
            command.resetsOptimizer = state.resetsOptimizer
            (state.wroteParameters, state.wroteGradients, state.resetsOptimizer) = (false, false, false)
            return command
        }
    }

    // MARK: Parameters

    /// What lies in the tensors, copied.
    func snapshot() -> Payload { state.withLock { snapshot(&$0) } }

    private func snapshot(_ state: inout State) -> Payload {
        state.copiesIn += 1
        return pool.payload(count: count) { state.memory.read(into: &$0) }
    }

    /// Lets the tensors hold a vector.
    func put(_ vector: Payload) { state.withLock { put(vector, &$0) } }

    private func put(_ vector: Payload, _ state: inout State) {
        guard state.held !== vector else { return }
        vector.read { state.memory.write($0) }
        state.held = vector
        state.copiesOut += 1
        state.wroteParameters = true
    }

    /// Lets the tensors hold `scale` times the model, at which the next gradient is wanted.
    func putPoint(_ model: Payload, scale: Float) {
        let point =
            scale == 1
            ? model
            : pool.payload(count: count) { span in
                model.read { source in for index in source.indices { span[index] = scale * source[index] } }
            }
        state.withLock { state in
            put(point, &state)
            state.point = point
        }
    }

    /// The model lies here alone, and the next gradient is wanted at it.
    func leaveModel() { state.withLock { ($0.held, $0.point) = (nil, nil) } }

    /// What lies in the tensors, which is the model that was left there.
    func bringModel() -> Payload {
        state.withLock { state in
            let model = snapshot(&state)
            (state.held, state.point) = (model, model)
            return model
        }
    }

    /// The point at which the gradient was wanted that the caller took last; nil where its step was taken over.
    var point: Payload? { state.withLock { $0.point } }

    /// What a step, that was made from the point to what lies in the tensors, makes of the model; nil where none was.
    func stepped(_ model: Payload) -> Payload? {
        state.withLock { state in
            guard let point = state.point else { return nil }
            if model === point {
                // To the bit what the caller's optimizer made, and it lies there already.
                let after = snapshot(&state)
                (state.held, state.point) = (after, nil)
                return after
            }
            state.copiesIn += 1
            return pool.payload(count: count) { span in
                point.read { origin in
                    model.read { base in state.memory.readChange(since: origin, onto: base, into: &span) }
                }
            }
        }
    }

    /// What the caller's optimizer made in place of what lay in the tensors.
    func takeStep() -> Payload {
        state.withLock { state in
            let after = snapshot(&state)
            state.held = after
            return after
        }
    }

    /// The step that was made from the point; nil where none was.
    func step() -> Payload? {
        state.withLock { state in
            guard let point = state.point else { return nil }
            state.copiesIn += 1
            return pool.payload(count: count) { span in
                point.read { state.memory.readChange(since: $0, onto: nil, into: &span) }
            }
        }
    }

    /// A copy of the numbers, as a vector of its own.
    func copy(_ source: Span<Float>) -> Payload {
        pool.payload(count: source.count) { span in for index in source.indices { span[index] = source[index] } }
    }

    /// What lay in the tensors while they hold another vector.
    struct Lent: Sendable {
        let numbers: Payload
        let held: Payload?
    }

    /// Lets the tensors hold another vector for a while, until `takeBack`.
    func lend(_ vector: Payload) -> Lent {
        state.withLock { state in
            let lent = Lent(numbers: snapshot(&state), held: state.held)
            put(vector, &state)
            return lent
        }
    }

    /// Lets the tensors hold again what they held.
    func takeBack(_ lent: Lent) {
        state.withLock { state in
            put(lent.numbers, &state)
            if let held = lent.held { state.held = held }
        }
    }

    // MARK: Gradients

    /// The caller's gradient, copied to a vector of that length.
    func readGradient(into vector: inout FlatVector) {
        let memory = gradients()
        vector.write { memory.read(into: &$0) }
    }

    /// Lets the caller's gradients be these numbers.
    func writeGradient(_ gradient: Span<Float>) {
        gradients().write(gradient)
        state.withLock { $0.wroteGradients = true }
    }

    private func gradients() -> TensorMemory {
        guard let gradients = state.withLock({ $0.gradients }) else {
            preconditionFailure("a gradient is named that the caller has not told")
        }
        return gradients
    }
}
