public import Models
public import Randomness
public import Vectors

/// A network planned for one batch size and ready to run, with weights that are copied to it or lent.
///
/// Everything is made when it is: a run makes no primitive, takes no lock and allocates nothing of ours. One executable
/// is used by one thread at a time and may move between threads; executables share nothing, so any number of them run
/// side by side. Each use sets the size of the calling thread's OpenMP team to `threads`. The plan is a function of
/// network, batch, mode, threads and processor, never of timings: the same weights and images give the same bits.
public struct Executable: ~Copyable, Sendable {
    /// What was planned.
    public let network: Network
    /// Samples in a batch.
    public let batch: Int
    /// What it is for.
    public let mode: Mode
    /// The size of the team that a run uses.
    public let threads: Int
    /// The numbers in which it multiplies.
    public let precision: Precision
    private let plan: Plan
    private let memory: Memory
    /// The parameters that lie with their owner.
    private var held: Payload?

    /// Throws when oneDNN cannot compute a layer, or has no code for that precision on this processor.
    public init(
        _ network: Network, batch: Int, mode: Mode = .training, threads: Int = 1, precision: Precision = .fp32
    ) throws(OneDNNError) {
        precondition(batch > 0 && threads > 0, "cannot plan a batch of \(batch) on \(threads) threads")
        ThreadTeam.use(threads)
        let plan = try Planner.plan(network, batch: batch, mode: mode, threads: threads, precision: precision)
        self.network = network
        self.batch = batch
        self.mode = mode
        self.threads = threads
        self.precision = precision
        self.plan = plan
        self.memory = Memory(
            arenaBytes: plan.arenaBytes, offsets: plan.offsets,
            fixedBytes: [
                .parameters: network.layout.count * MemoryLayout<Float>.stride,
                .images: batch * network.inputShape.reduce(1, *) * MemoryLayout<Float>.stride,
                .labels: batch * MemoryLayout<Int32>.stride,
                .statistics: network.statistics.count * MemoryLayout<Float>.stride,
            ])
        if mode == .inference {
            let initial = network.initialStatistics()
            load(statistics: initial.span)
        }
    }

    /// Copies all parameters, times `scale`, as of now; in the canonical layout of `network.layout`.
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

    private func requireFit(_ count: Int) {
        precondition(
            count == network.layout.count,
            "network \(network.name) has \(network.layout.count) parameters, and \(count) are given")
    }

    /// Lends the parameters as they were loaded, scale and all.
    public borrowing func withParameters<Result, Failure: Error>(
        _ body: (Span<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try memory.read(BufferSlice(buffer: .parameters), count: network.layout.count, body)
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

    /// Lends the input for writing: images (batch, channels, height, width) and one label for each, from 0 up to the
    /// number of classes. They stay until they are written again.
    public mutating func withInput<Result, Failure: Error>(
        _ body: (inout MutableSpan<Float>, inout MutableSpan<Int32>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try memory.withInput(
            imageCount: batch * network.inputShape.reduce(1, *), labelCount: batch, body)
    }

    /// Computes the mean loss over the batch, how many samples are classified rightly, and the gradient of the mean
    /// loss, which it writes over all of `gradient`. A loss that is not a number is reported as it is.
    public mutating func gradient(
        into gradient: inout MutableSpan<Float>, dropout: inout RandomStream
    ) -> (loss: Float, correct: Int) {
        precondition(mode.hasBackward, "an executable planned for \(mode) has no gradient")
        precondition(
            gradient.count == network.layout.count,
            "network \(network.name) has \(network.layout.count) parameters, and the gradient \(gradient.count)")
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

    /// Lends the logits (batch, classes) of the last run for reading.
    public borrowing func withLogits<Result, Failure: Error>(
        _ body: (Span<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try memory.read(plan.logits, count: batch * network.classes, body)
    }

    private func run(_ start: RunState) -> RunState {
        ThreadTeam.use(threads)
        var state = start
        for instruction in plan.instructions {
            instruction.run(memory, &state)
        }
        return state
    }
}
