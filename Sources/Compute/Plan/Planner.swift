internal import Models

/// Turns a network into a plan: walks its operations forward, then back, and for each writes down the instructions with
/// their layouts and buffers.
struct Planner {
    let batch: Int
    let mode: Mode
    let threads: Int
    let precision: Precision
    let rule: LayoutRule
    private var instructions: [Instruction] = []
    private var bufferBytes = [Int](repeating: 0, count: Buffer.fixedCount)
    /// What the backward pass needs of each forward step, in forward order.
    var tape: [any TapeStep] = []

    static func plan(
        _ network: Network, batch: Int, mode: Mode, threads: Int, precision: Precision
    ) throws(OneDNNError) -> Plan {
        var planner = Planner(
            batch: batch, mode: mode, threads: threads, precision: precision, rule: LayoutRule(network, precision))
        let images = Value(
            shape: network.inputShape, layout: .plain, slice: BufferSlice(buffer: .images))
        let logits = try planner.forward(network.layers.operations(mode: mode), images)
        let gradient = mode.hasBackward ? planner.values(logits.count) : nil
        planner.softmaxCrossEntropy(logits, gradient: gradient, smoothing: network.labelSmoothing)
        if let gradient {
            _ = try planner.tape.backward(BranchGradient(gradient), needsInputGradient: false, in: &planner)
        }
        return Plan(
            instructions: planner.instructions, bufferBytes: planner.bufferBytes, logits: logits.slice)
    }

    private init(batch: Int, mode: Mode, threads: Int, precision: Precision, rule: LayoutRule) {
        self.batch = batch
        self.mode = mode
        self.threads = threads
        self.precision = precision
        self.rule = rule
    }

    /// Appends the operations one behind the other.
    mutating func forward(_ operations: [any Operation], _ input: Value) throws(OneDNNError) -> Value {
        var value = input
        for operation in operations { value = try operation.forward(value, in: &self) }
        return value
    }

    /// Appends an instruction that touches these slices.
    mutating func append(
        _ slices: [BufferSlice?], _ run: @escaping (borrowing Memory, inout RunState) -> Void
    ) {
        instructions.append(Instruction(slices, run))
    }

    /// A new buffer of so many bytes.
    mutating func bytes(_ count: Int) -> BufferSlice {
        bufferBytes.append(count)
        return BufferSlice(buffer: Buffer(index: bufferBytes.count - 1))
    }

    /// A new buffer of so many numbers.
    mutating func floats(_ count: Int) -> BufferSlice {
        bytes(count * MemoryLayout<Float>.stride)
    }

    /// A new buffer for a batch of samples of `count` numbers each.
    mutating func values(_ count: Int) -> BufferSlice {
        floats(batch * count)
    }

    /// Where an operation on `value` that works in place may write: not over the images, which the caller may use
    /// again, nor over what another branch reads.
    mutating func inPlace(_ value: Value) -> BufferSlice {
        value.slice.buffer == .images || value.isShared ? values(value.count) : value.slice
    }
}
