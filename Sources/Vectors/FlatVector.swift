/// One block of float32 numbers with a single owner, 64-byte aligned, zero at first.
///
/// Everything a peer learns lives in such blocks: parameters, gradients, momentum. A vector cannot be copied by
/// accident; it moves. Reading and writing go through spans, which cannot outlive the closure they are lent to.
///
/// `@unchecked Sendable` holds because the block has one owner and no other reference to it exists.
public struct FlatVector: ~Copyable, @unchecked Sendable {
    private let base: UnsafeMutablePointer<Float>
    /// How many numbers the vector holds.
    public let count: Int

    /// A vector of `count` zeros.
    public init(count: Int) {
        precondition(count >= 0, "a vector cannot hold \(count) numbers")
        let bytes = max(count, 1) * MemoryLayout<Float>.stride
        let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        base = block.bindMemory(to: Float.self, capacity: max(count, 1))
        base.initialize(repeating: 0, count: max(count, 1))
        self.count = count
    }

    /// A vector holding a copy of `values`.
    public init(_ values: [Float]) {
        self.init(count: values.count)
        for index in values.indices {
            base[index] = values[index]
        }
    }

    deinit {
        UnsafeMutableRawPointer(base).deallocate()
    }

    /// Lends the numbers for reading.
    @inlinable
    public borrowing func read<Result: ~Copyable, Failure: Error>(
        _ body: (Span<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(buffer.span)
    }

    /// Lends the numbers for writing.
    @inlinable
    public mutating func write<Result: ~Copyable, Failure: Error>(
        _ body: (inout MutableSpan<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var span = mutableBuffer.mutableSpan
        return try body(&span)
    }

    /// The numbers as an array: for tests, files and small vectors.
    public borrowing func array() -> [Float] {
        Array(buffer)
    }

    /// The block itself, for the kernels of this module and for handing to C; valid while the vector lives.
    @usableFromInline
    internal var buffer: UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(start: base, count: count)
    }

    @usableFromInline
    internal var mutableBuffer: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: base, count: count)
    }
}
