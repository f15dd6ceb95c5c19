/// Which payloads may come to a peer, of all its links together: so many at once, the others in the order in which they
/// were announced. Each takes the memory of a model from its first byte on.
struct GrantQueue<Key: Hashable & Sendable>: Sendable {
    private let mostAtOnce: Int
    private var granted: Set<Key> = []
    private var waiting: [Key] = []

    init(mostAtOnce: Int = 4) { self.mostAtOnce = mostAtOnce }

    /// Takes a payload. Returns whom to let come now, if anybody.
    mutating func announce(_ key: Key) -> [Key] {
        precondition(!granted.contains(key) && !waiting.contains(key), "\(key) is announced twice")
        waiting.append(key)
        return grantNext()
    }

    /// A payload is whole and its memory free, or its link is gone. Returns whom to let come now.
    mutating func release(_ key: Key) -> [Key] {
        if granted.remove(key) == nil { waiting.removeAll { $0 == key } }
        return grantNext()
    }

    private mutating func grantNext() -> [Key] {
        let next = Array(waiting.prefix(max(0, mostAtOnce - granted.count)))
        waiting.removeFirst(next.count)
        granted.formUnion(next)
        return next
    }
}
