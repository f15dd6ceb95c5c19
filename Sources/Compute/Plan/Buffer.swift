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
