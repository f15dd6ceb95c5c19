import Synchronization

/// An immutable snapshot of a vector or a part of one, shared by reference: by all messages that one write sends, by
/// the retransmission buffer, by the receivers in the same process, and by the store whose slot it was taken of. Its
/// block returns to the pool with the last reference.
///
/// `@unchecked Sendable` holds because the numbers are written only by whoever has the one reference that there is: at
/// first, and by a store that finds itself the last who holds it (see `VectorStore`).
public final class Payload: @unchecked Sendable {
    private var block: FlatVector?
    private let pool: PayloadPool?
    /// How many numbers it holds.
    public let count: Int
    /// Whether the numbers are the bits of what was compressed for a link, and none to be computed with.
    public let isPacked: Bool

    init(_ block: consuming FlatVector, pool: PayloadPool?, isPacked: Bool = false) {
        count = block.count
        self.isPacked = isPacked
        self.block = consume block
        self.pool = pool
    }

    /// A payload outside any pool: for tests and for numbers that arrive from files.
    public convenience init(_ values: [Float], isPacked: Bool = false) {
        self.init(FlatVector(values), pool: nil, isPacked: isPacked)
    }

    deinit {
        if let block = block.take() { pool?.giveBack(block) }
    }

    /// Lends the numbers for reading.
    public func read<Result: ~Copyable, Failure: Error>(
        _ body: (Span<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // The block must outlive the span, whatever the caller does with its reference.
        defer { withExtendedLifetime(self) {} }
        return try body(buffer.span)
    }

    /// The numbers as an array: for tests and files.
    public func array() -> [Float] { Array(buffer) }

    /// What the payload weighs on a wire.
    public var byteCount: Int { count * MemoryLayout<Float>.stride }

    var buffer: UnsafeBufferPointer<Float> { UnsafeBufferPointer(mutableBuffer) }

    /// The numbers for writing: only for who knows that there is no other reference.
    var mutableBuffer: UnsafeMutableBufferPointer<Float> {
        switch block {
        case .some(let block): block.mutableBuffer
        case .none: preconditionFailure("a payload lost its block")
        }
    }

    /// Moves the block out, after which nothing is left to read: only for who knows that there is no other reference.
    func takeBlock() -> FlatVector {
        guard let block = block.take() else { preconditionFailure("a payload lost its block") }
        return block
    }
}
