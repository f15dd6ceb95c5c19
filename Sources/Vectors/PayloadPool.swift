import Synchronization

/// Blocks to be used again: a peer that sends every step allocates only until the first payloads come back.
public final class PayloadPool: Sendable {
    private struct Shelves: ~Copyable {
        var free: [Int: Shelf] = [:]
    }

    /// Free blocks of one length, chained so that moving a unique owner needs no array of them.
    private final class Shelf: @unchecked Sendable {  // Only touched under the pool's lock.
        var block: FlatVector?
        var next: Shelf?
        init(_ block: consuming FlatVector, next: Shelf?) {
            self.block = consume block
            self.next = next
        }
    }

    private let shelves = Mutex(Shelves())

    /// A pool without blocks; those that come back fill it.
    public init() {}

    /// A payload of `count` numbers that `fill` writes, every one of them.
    ///
    /// The block of a packed one is none of the pool's: they are of many lengths, and each length would keep its own.
    public func payload(
        count: Int, isPacked: Bool = false, fill: (inout MutableSpan<Float>) -> Void
    ) -> Payload {
        var block = isPacked ? FlatVector(count: count) : block(count: count)
        block.write { span in fill(&span) }
        return Payload(block, pool: isPacked ? nil : self, isPacked: isPacked)
    }

    /// A block of `count` numbers to be written over: they are whatever they were when it was last used.
    public func block(count: Int) -> FlatVector { taken(count: count) ?? FlatVector(count: count) }

    /// Takes a block in, to be used again by whoever asks next.
    public func giveBack(_ block: consuming FlatVector) {
        let count = block.count
        let shelf = Shelf(block, next: nil)
        shelves.withLock { shelves in
            shelf.next = shelves.free[count]
            shelves.free[count] = shelf
        }
    }

    private func taken(count: Int) -> FlatVector? {
        let shelf = shelves.withLock { shelves -> Shelf? in
            guard let shelf = shelves.free[count] else { return nil }
            shelves.free[count] = shelf.next
            return shelf
        }
        return shelf?.block.take()
    }
}
