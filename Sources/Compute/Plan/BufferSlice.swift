internal import Vectors

/// The part of a buffer that begins at an offset.
struct BufferSlice: Hashable {
    let buffer: Buffer
    /// Float32 numbers from the buffer's start.
    var offset = 0
}

extension VectorLayout.Entry {
    /// Where the tensor lies among the parameters, from that channel on.
    func slice(from channel: Int = 0) -> BufferSlice { slice(of: .parameters, from: channel) }
    /// Where its gradient lies in the gradient block, from that channel on.
    func gradientSlice(from channel: Int = 0) -> BufferSlice { slice(of: .gradient, from: channel) }
    /// Where it lies among the statistics, if it is one, from that channel on.
    func statisticsSlice(from channel: Int) -> BufferSlice { slice(of: .statistics, from: channel) }

    private func slice(of buffer: Buffer, from channel: Int) -> BufferSlice {
        BufferSlice(buffer: buffer, offset: offset + channel * (count / shape[0]))
    }
}
