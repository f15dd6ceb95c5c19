public import Models
public import Randomness
public import Vectors

/// A network, or a piece of one, planned for one batch size and ready to run, with weights that are copied to it or
/// lent.
///
/// Everything is made when it is: a run makes no primitive, takes no lock and allocates nothing of ours. One executable
/// is used by one thread at a time and may move between threads; executables share nothing, so any number of them run
/// side by side. Each use sets the size of the calling thread's OpenMP team to `threads`. The plan is a function of
/// network, batch, mode, threads and processor, never of timings: the same weights and images give the same bits.
public struct Executable: ~Copyable, Sendable {
    /// What was planned.
    public let network: Network
    /// Which layers of it are computed here, and whose share of the work.
    public let piece: StagePiece
    /// Samples in a batch.
    public let batch: Int
    /// Those of them that are computed here.
    public let rows: Range<Int>
    /// Which of the network's parameters it is given and has gradients of: those of the piece's layers.
    public let vector: Range<Int>
    /// What it is for.
    public let mode: Mode
    /// The size of the team that a run uses.
    public let threads: Int
    /// The numbers in which it multiplies.
    public let precision: Precision
    let plan: Plan
    let memory: Memory
    /// The parameters that lie with their owner.
    private var held: Payload?
    /// The pass under way, where passes stop.
    var pass: Pass?

    /// Throws when oneDNN cannot compute a layer, or has no code for that precision on this processor. No piece: the
    /// whole network.
    public init(
        _ network: Network, piece: StagePiece? = nil, batch: Int, mode: Mode = .training, threads: Int = 1,
        precision: Precision = .fp32
    ) throws(OneDNNError) {
        let piece = piece ?? StagePiece(layers: network.layers.indices)
        let rows = piece.ownRows(of: batch)
        precondition(
            !rows.isEmpty && threads > 0, "cannot plan \(rows.count) rows of a batch of \(batch) on \(threads) threads")
        ThreadTeam.use(threads)
        let plan = try Planner.plan(
            network, piece: piece, batch: batch, mode: mode, threads: threads, precision: precision)
        self.network = network
        self.piece = piece
        self.batch = batch
        self.rows = rows
        vector = piece.vectorRange(of: network)
        self.mode = mode
        self.threads = threads
        self.precision = precision
        self.plan = plan
        self.memory = Memory(
            arenaBytes: plan.arenaBytes, offsets: plan.offsets,
            fixedBytes: [
                .images: piece.imageCount(network, rows) * MemoryLayout<Float>.stride,
                .labels: piece.labelCount(network, rows) * MemoryLayout<Int32>.stride,
                .statistics: network.statistics.count * MemoryLayout<Float>.stride,
            ], vector: vector)
        if mode == .inference {
            let initial = network.initialStatistics()
            load(statistics: initial.span)
        }
    }

    /// Copies all parameters, times `scale`, as of now; in the canonical layout of `network.layout`, as far as they are
    /// the piece's.
    public mutating func load(_ parameters: Span<Float>, scale: Float = 1) {
        requireFit(parameters.count)
        letGo()
        memory.copyParameters(parameters, scale: scale)
    }

    /// Takes parameters as `load` does, and where they need no scaling, computes on them where they lie, until `letGo`.
    public mutating func hold(_ parameters: Payload, scale: Float = 1) {
        guard scale == 1 else { return parameters.read { load($0, scale: scale) } }
        requireFit(parameters.count)
        held = parameters
        parameters.read { memory.lendParameters($0) }
    }

    /// Lets go of the parameters that it holds; others must be given before the next run.
    public mutating func letGo() {
        guard held.take() != nil else { return }
        memory.takeBackParameters()
    }

    func requireFit(_ count: Int) {
        precondition(
            count == vector.count, "\(network.name) has \(vector.count) parameters here, and a block has \(count)")
    }

    /// Lends the parameters as they were loaded, scale and all.
    public borrowing func withParameters<Result, Failure: Error>(
        _ body: (Span<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try memory.read(BufferSlice(buffer: .parameters, offset: vector.lowerBound), count: vector.count, body)
    }

    /// Sets the mean and variance that the batch-norms of an executable for inference normalise by, in the layout of
    /// `network.statistics`; until then they are 0 and 1.
    public mutating func load(statistics: Span<Float>) {
        precondition(mode == .inference, "only inference normalises by given statistics")
        let count = network.statistics.count
        precondition(
            statistics.count == count,
            "network \(network.name) has \(count) statistics, and \(statistics.count) are given")
        memory.write(BufferSlice(buffer: .statistics), count: count) { target in
            for index in 0..<count { target[index] = statistics[index] }
        }
    }

    /// Lends the mean and the unbiased variance that the batch-norms found in the last batch, in the layout of
    /// `network.statistics`.
    public borrowing func withStatistics<Result, Failure: Error>(
        _ body: (Span<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try memory.read(BufferSlice(buffer: .statistics), count: network.statistics.count, body)
    }

    /// Lends the input for writing: images (rows, channels, height, width) and one label for each, from 0 up to the
    /// number of classes. They stay until they are written again. Of a piece without the first layer there are no
    /// images, without the last no labels.
    public mutating func withInput<Result, Failure: Error>(
        _ body: (inout MutableSpan<Float>, inout MutableSpan<Int32>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try memory.withInput(
            imageCount: piece.imageCount(network, rows), labelCount: piece.labelCount(network, rows), body)
    }

    /// Computes the mean loss over the batch, how many samples are classified rightly, and the gradient of the mean
    /// loss, which it writes over all of `gradient`. A loss that is not a number is reported as it is.
    public mutating func gradient(
        into gradient: inout MutableSpan<Float>, dropout: inout RandomStream
    ) -> (loss: Float, correct: Int) {
        precondition(mode.hasBackward, "an executable planned for \(mode) has no gradient")
        requireFit(gradient.count)
        memory.lendGradient(&gradient)
        let state = run(RunState(dropout: dropout))
        dropout = state.dropout
        return (Float(state.lossSum / Double(batch)), state.correct)
    }

    /// Computes the sum of the samples' losses and how many are classified rightly; in a plan for statistics, those of
    /// the batch too.
    @discardableResult
    public mutating func evaluate() -> (lossSum: Double, correct: Int) {
        precondition(!mode.hasBackward, "an executable planned for training gives its loss with the gradient")
        let state = run(RunState(dropout: RandomStream(seed: 0, purpose: .dropout)))
        return (state.lossSum, state.correct)
    }

    /// Lends the logits (rows, classes) of the last run for reading.
    public borrowing func withLogits<Result, Failure: Error>(
        _ body: (Span<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(piece.layers.upperBound == network.layers.count, "only the last stage has logits")
        return try memory.read(plan.output, count: rows.count * network.classes, body)
    }

    private func run(_ start: RunState) -> RunState {
        ThreadTeam.use(threads)
        var state = start
        for instruction in plan.instructions {
            precondition(instruction.exchange == nil, "a piece of a network is run by passes that stop")
            instruction.run(memory, &state)
        }
        return state
    }
}

extension StagePiece {
    /// Numbers in the images of so many rows, where the piece reads images.
    fileprivate func imageCount(_ network: Network, _ rows: Range<Int>) -> Int {
        layers.lowerBound == 0 ? rows.count * network.inputShape.reduce(1, *) : 0
    }

    /// Labels of so many rows, where the piece has the loss.
    fileprivate func labelCount(_ network: Network, _ rows: Range<Int>) -> Int {
        layers.upperBound == network.layers.count ? rows.count : 0
    }
}
