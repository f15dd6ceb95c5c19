/// Gives buffers their places in one block so that buffers in use at the same time never overlap and the block is
/// small.
enum Arena {
    /// Bytes; a cache line, and the width of the widest vector.
    static let alignment = 64

    /// A buffer's size in bytes, and the first and last instruction that uses it.
    struct Lifetime {
        let bytes: Int
        let first: Int
        let last: Int
    }

    static func rounded(_ bytes: Int) -> Int {
        (bytes + alignment - 1) / alignment * alignment
    }

    /// The offset of each buffer, and the size of the whole. The largest buffers choose first, each the lowest place
    /// that no buffer of its time has taken.
    static func place(_ lifetimes: [Lifetime]) -> (offsets: [Int], bytes: Int) {
        var offsets = [Int](repeating: 0, count: lifetimes.count)
        var placed: [Int] = []
        var total = 0
        let order = lifetimes.indices.sorted {
            (lifetimes[$1].bytes, $0) < (lifetimes[$0].bytes, $1)
        }
        for index in order {
            let own = lifetimes[index]
            let size = rounded(own.bytes)
            var offset = 0
            let neighbours = placed.filter { lifetimes[$0].first <= own.last && own.first <= lifetimes[$0].last }
            for other in neighbours.sorted(by: { offsets[$0] < offsets[$1] }) {
                if offset + size <= offsets[other] { break }
                offset = max(offset, offsets[other] + rounded(lifetimes[other].bytes))
            }
            offsets[index] = offset
            placed.append(index)
            total = max(total, offset + size)
        }
        return (offsets, total)
    }
}
