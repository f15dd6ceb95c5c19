internal import CKernels

/// The memory of one executable: the arena and the blocks that live as long as the executable does.
///
/// `@unchecked Sendable` holds because the blocks have this one owner, which cannot be copied.
struct Memory: ~Copyable, @unchecked Sendable {
    private let addresses: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    private let owned: UnsafeMutableRawPointer
    /// Where parameters lie that are copied.
    private let copiedParameters: UnsafeMutableRawPointer?
    /// Which of the network's parameters are here: plans name them, and their gradients, by their places among all.
    private let vector: Range<Int>

    /// Lays out the plan's buffers: those with an offset in the arena, the fixed ones behind it, and the parameters.
    init(arenaBytes: Int, offsets: [Int?], fixedBytes: [Buffer: Int], vector: Range<Int>) {
        self.vector = vector
        var fixedBytes = fixedBytes
        fixedBytes[.parameters] = vector.count * MemoryLayout<Float>.stride
        var total = arenaBytes
        var starts = offsets
        for (buffer, bytes) in fixedBytes {
            starts[buffer.index] = total
            total += Arena.rounded(bytes)
        }
        owned = UnsafeMutableRawPointer.allocate(byteCount: max(total, 1), alignment: Arena.alignment)
        owned.initializeMemory(as: UInt8.self, repeating: 0, count: max(total, 1))
        addresses = .allocate(capacity: starts.count)
        addresses.initialize(repeating: nil, count: starts.count)
        for (index, start) in starts.enumerated() {
            if let start { addresses[index] = owned + start }
        }
        copiedParameters = addresses[Buffer.parameters.index]
        takeBackParameters()
    }

    deinit {
        addresses.deallocate()
        owned.deallocate()
    }

    /// Where a buffer lies that the caller lends for one run.
    func lend(_ address: UnsafeMutableRawPointer, as buffer: Buffer) {
        addresses[buffer.index] = address
    }

    func floats(_ slice: BufferSlice) -> UnsafeMutablePointer<Float> {
        raw(slice.buffer).assumingMemoryBound(to: Float.self) + slice.offset
    }

    /// Nil for no slice.
    func floats(_ slice: BufferSlice?) -> UnsafeMutablePointer<Float>? {
        if let slice { floats(slice) } else { nil }
    }

    /// Of a slice that is a whole buffer.
    func bytes(_ slice: BufferSlice) -> UnsafeMutablePointer<UInt8> {
        raw(slice.buffer).assumingMemoryBound(to: UInt8.self)
    }

    /// Bits, 16 to a number, of a slice that is a whole buffer; nil for no slice.
    func flags(_ slice: BufferSlice?) -> UnsafeMutablePointer<UInt16>? {
        if let slice { raw(slice.buffer).assumingMemoryBound(to: UInt16.self) } else { nil }
    }

    func labels() -> UnsafeMutablePointer<Int32> {
        raw(.labels).assumingMemoryBound(to: Int32.self)
    }

    private func raw(_ buffer: Buffer) -> UnsafeMutableRawPointer {
        guard let address = addresses[buffer.index] else {
            preconditionFailure("buffer \(buffer.index) of the plan has no memory")
        }
        return address
    }
}

extension Memory {
    /// Lets the plan read the parameters where they are, until `takeBackParameters`; they must stay there so long.
    func lendParameters(_ parameters: Span<Float>) {
        parameters.withUnsafeBufferPointer { block in
            // No plan writes to its parameters.
            if let base = block.baseAddress { lendVector(UnsafeMutableRawPointer(mutating: base), as: .parameters) }
        }
    }

    /// The parameters are those of this memory again, whatever they are.
    func takeBackParameters() { if let copiedParameters { lendVector(copiedParameters, as: .parameters) } }

    /// Lends a block of which the first number is that of the first parameter here: the network's own first would lie
    /// before it, where nothing is ever read.
    private func lendVector(_ address: UnsafeMutableRawPointer, as buffer: Buffer) {
        lend(address - vector.lowerBound * MemoryLayout<Float>.stride, as: buffer)
    }

    /// The parameters, times `scale`.
    func copyParameters(_ parameters: Span<Float>, scale: Float) {
        let target = floats(BufferSlice(buffer: .parameters, offset: vector.lowerBound))
        parameters.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            kernel_scale(Int64(source.count), base, scale, target, 1)
        }
    }

    /// Lets the plan write the gradient into the caller's block during the run that follows.
    func lendGradient(_ gradient: inout MutableSpan<Float>) {
        gradient.withUnsafeMutableBufferPointer { block in
            if let base = block.baseAddress { lendVector(base, as: .gradient) }
        }
    }

    func withInput<Result, Failure: Error>(
        imageCount: Int, labelCount: Int,
        _ body: (inout MutableSpan<Float>, inout MutableSpan<Int32>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let images = UnsafeMutableBufferPointer(start: floats(BufferSlice(buffer: .images)), count: imageCount)
        let labels = UnsafeMutableBufferPointer(start: labels(), count: labelCount)
        var imageSpan = images.mutableSpan
        var labelSpan = labels.mutableSpan
        return try body(&imageSpan, &labelSpan)
    }

    func write<Result, Failure: Error>(
        _ slice: BufferSlice, count: Int, _ body: (inout MutableSpan<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var span = UnsafeMutableBufferPointer(start: floats(slice), count: count).mutableSpan
        return try body(&span)
    }

    func read<Result, Failure: Error>(
        _ slice: BufferSlice, count: Int, _ body: (Span<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeBufferPointer(start: floats(slice), count: count).span)
    }
}
