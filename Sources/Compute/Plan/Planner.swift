internal import Models

/// Turns a network into a plan: walks its operations forward, then back, and for each writes down the instructions with
/// their layouts and buffers.
struct Planner {
    /// Samples in the whole batch.
    let samples: Int
    /// Those that are here.
    let rows: Range<Int>
    /// How many these are.
    let batch: Int
    /// How the peers of the stage share rows, or neurons, if they do.
    let rowShare: Share?
    let neurons: Share?
    let mode: Mode
    let threads: Int
    let precision: Precision
    let rule: LayoutRule
    private var instructions: [Instruction] = []
    private var bufferBytes = [Int](repeating: 0, count: Buffer.fixedCount)
    /// What the backward pass needs of each forward step, in forward order.
    var tape: [any TapeStep] = []

    /// The plan for one piece of a network and its part of a batch.
    static func plan(
        _ network: Network, piece: StagePiece, batch: Int, mode: Mode, threads: Int, precision: Precision
    ) throws(OneDNNError) -> Plan {
        var planner = Planner(
            network, piece: piece, batch: batch, mode: mode, threads: threads, precision: precision)
        let (before, behind) = (network.layers[..<piece.layers.lowerBound], network.layers[piece.layers.upperBound...])
        let input = planner.input(network, piece)
        planner.skipDraws(of: before)
        var output = try planner.forward(Array(network.layers[piece.layers]).operations(mode: mode), input)
        planner.skipDraws(of: behind)
        let gradient: BufferSlice?
        if behind.isEmpty {
            output = try planner.whole(output, isPartial: false)
            gradient = mode.hasBackward ? planner.values(output.count) : nil
            planner.softmaxCrossEntropy(output, gradient: gradient, smoothing: network.labelSmoothing)
        } else {
            output = try planner.value(output, in: .plain)
            gradient = planner.handOn(output)
        }
        if let gradient {
            let result = try planner.tape.backward(
                BranchGradient(gradient), needsInputGradient: !before.isEmpty, in: &planner)
            if !before.isEmpty { planner.handBack(planner.single(result, input), input) }
        }
        return Plan(
            instructions: planner.instructions, bufferBytes: planner.bufferBytes, output: output.slice)
    }

    private init(
        _ network: Network, piece: StagePiece, batch: Int, mode: Mode, threads: Int, precision: Precision
    ) {
        samples = batch
        rows = piece.ownRows(of: batch)
        self.batch = rows.count
        rowShare = piece.rowShare
        neurons = piece.neuronShare
        self.mode = mode
        self.threads = threads
        self.precision = precision
        rule = LayoutRule(network, precision, slots: piece.neuronShare?.slots ?? 1)
    }

    /// The images, or what the stage before makes of them.
    private mutating func input(_ network: Network, _ piece: StagePiece) -> Value {
        let shape = network.layers[piece.layers.lowerBound].inputShape
        guard piece.layers.lowerBound > 0 else {
            return Value(shape: shape, layout: .plain, slice: BufferSlice(buffer: .images))
        }
        let channels = piece.incomingChannels(of: network)
        return receive(shape: [channels?.own.count ?? shape[0]] + shape.dropFirst(), channels: channels)
    }

    /// Appends the operations one behind the other.
    mutating func forward(_ operations: [any Operation], _ input: Value) throws(OneDNNError) -> Value {
        var value = input
        for operation in operations {
            value = try prepared(value, for: operation)
            value = try operation.forward(value, in: &self)
        }
        return value
    }

    /// Appends an instruction that touches these slices.
    mutating func append(
        _ slices: [BufferSlice?], _ run: @escaping (borrowing Memory, inout RunState) -> Void
    ) {
        instructions.append(Instruction(slices, run))
    }

    /// Appends a stop.
    mutating func stop(_ exchange: PlannedExchange) {
        instructions.append(Instruction(exchange))
    }

    /// A new buffer for what a layer makes of `input`, as far as it is made here.
    mutating func output(of layer: PlacedLayer, behind input: Value, in layout: ImageLayout) -> Value {
        let channels = neurons.flatMap { layer.channels(behind: input.channels, $0) }
        let shape = [channels?.own.count ?? layer.outputShape[0]] + layer.outputShape.dropFirst()
        return Value(shape: shape, layout: layout, slice: values(shape.reduce(1, *)), channels: channels)
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
