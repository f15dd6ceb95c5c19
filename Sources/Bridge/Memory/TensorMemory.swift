import Vectors

/// Where the caller's tensors lie: blocks of float32 numbers, one behind the other as a flat vector has them.
///
/// `@unchecked Sendable` holds because the numbers are written only while the caller waits in one of its calls, by the
/// one thread that it waits for; and read then, or, where the caller says when its optimizer steps, at other times than
/// that.
struct TensorMemory: @unchecked Sendable {
    private let blocks: [UnsafeMutableBufferPointer<Float>?]
    private let counts: [Int]
    /// Numbers in all blocks.
    let count: Int

    /// Blocks of these lengths; of one that is nil the numbers are 0, and what is written to it is dropped.
    init(_ bases: [UnsafeMutablePointer<Float>?], counts: [Int]) {
        self.counts = counts
        blocks = zip(bases, counts).map { base, count in
            base.map { UnsafeMutableBufferPointer(start: $0, count: count) }
        }
        count = counts.reduce(0, +)
    }

    /// The same tensors at other places.
    func moved(to bases: [UnsafeMutablePointer<Float>?]) -> TensorMemory { TensorMemory(bases, counts: counts) }

    /// Addresses and bytes of the blocks that there are, to find out whether two share one.
    var ranges: [Range<UInt>] {
        blocks.compactMap { block in
            guard let block, let base = block.baseAddress, !block.isEmpty else { return nil }
            let first = UInt(bitPattern: base)
            return first..<(first + UInt(block.count * MemoryLayout<Float>.stride))
        }
    }

    /// Copies all numbers to a vector of that length.
    func read(into target: inout MutableSpan<Float>) {
        forEach { block, range in
            target.withUnsafeMutableBufferPointer { target in
                let part = target[range]
                if let block {
                    _ = UnsafeMutableBufferPointer(rebasing: part).update(fromContentsOf: block)
                } else {
                    UnsafeMutableBufferPointer(rebasing: part).update(repeating: 0)
                }
            }
        }
    }

    /// Copies a vector of that length to the blocks.
    func write(_ source: Span<Float>) {
        forEach { block, range in
            guard let block else { return }
            source.withUnsafeBufferPointer { source in
                _ = block.update(fromContentsOf: UnsafeBufferPointer(rebasing: source[range]))
            }
        }
    }

    /// `target <- base + (numbers - origin)`: a change that was made to the blocks since they were `origin`, made to
    /// `base` too.
    func readChange(since origin: Span<Float>, onto base: Span<Float>?, into target: inout MutableSpan<Float>) {
        forEach { block, range in
            for (index, place) in range.enumerated() {
                let change = (block?[index] ?? 0) - origin[place]
                target[place] = (base?[place] ?? 0) + change
            }
        }
    }

    private func forEach(_ body: (UnsafeMutableBufferPointer<Float>?, Range<Int>) -> Void) {
        var offset = 0
        for (block, count) in zip(blocks, counts) {
            body(block, offset..<(offset + count))
            offset += count
        }
    }
}
