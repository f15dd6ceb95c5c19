internal import Randomness

/// A block of memory that a plan uses, by number.
struct Buffer: Hashable {
    let index: Int

    // These live as long as the executable, or are lent by the caller; all others lie in the arena.
    static let parameters = Buffer(index: 0)
    static let gradient = Buffer(index: 1)
    static let images = Buffer(index: 2)
    static let labels = Buffer(index: 3)
    /// Mean and variance of each batch-norm: those of the batch, or in inference those to normalise by.
    static let statistics = Buffer(index: 4)
    static let fixedCount = 5
}

/// A place within a buffer.
struct Place: Hashable {
    let buffer: Buffer
    /// Float32 numbers from the buffer's start.
    var offset = 0
}

/// What one run of a plan hands from instruction to instruction beside the buffers.
struct RunState {
    var dropout: RandomStream
    /// The sum of the samples' losses.
    var lossSum = 0.0
    /// How many samples have their largest logit at their label.
    var correct = 0
}

/// One step of a plan, with every choice made: reads and writes buffers, allocates nothing.
protocol Instruction {
    /// The buffers it reads or writes, from which the arena learns how long each must live.
    var buffers: [Buffer] { get }
    func run(in memory: borrowing Memory, _ state: inout RunState)
}
