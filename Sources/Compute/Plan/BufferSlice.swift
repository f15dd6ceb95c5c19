internal import Vectors

/// The part of a buffer that begins at an offset.
struct BufferSlice: Hashable {
    let buffer: Buffer
    /// Float32 numbers from the buffer's start.
    var offset = 0
}

extension VectorLayout.Entry {
    /// Where the tensor lies among the parameters.
    var slice: BufferSlice { BufferSlice(buffer: .parameters, offset: offset) }
    /// Where its gradient lies in the gradient block.
    var gradientSlice: BufferSlice { BufferSlice(buffer: .gradient, offset: offset) }
    /// Where it lies among the statistics, if it is one.
    var statisticsSlice: BufferSlice { BufferSlice(buffer: .statistics, offset: offset) }
}
