/// Bytes that wait for room in a connection.
struct OutgoingBytes {
    private var bytes: [UInt8] = []
    private var start = 0

    var count: Int { bytes.count - start }
    var isEmpty: Bool { count == 0 }

    /// What goes next.
    var front: ArraySlice<UInt8> { bytes[start...] }

    mutating func append(_ more: [UInt8]) {
        compact()
        bytes += more
    }

    /// Lets some bytes be added at the end.
    mutating func append(_ add: (inout [UInt8]) -> Void) {
        compact()
        add(&bytes)
    }

    /// Forgets what has gone, once that is more than what is left.
    private mutating func compact() {
        guard start > count else { return }
        bytes.removeFirst(start)
        start = 0
    }

    /// So many have gone.
    mutating func remove(_ count: Int) {
        start += count
        guard start == bytes.count else { return }
        // The memory stays unless it was much: the next part of a payload takes as much again.
        bytes.removeAll(keepingCapacity: bytes.count <= 2 * EngineLimits.turnByteCount)
        start = 0
    }
}
