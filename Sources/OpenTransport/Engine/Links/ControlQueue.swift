/// What a link's end says besides frames, no faster than the other end bears.
struct ControlQueue {
    private var waiting: [[UInt8]] = []
    private var byteCount = 0
    private var items: TokenBucket
    private var bytes: TokenBucket
    private let limits: EngineLimits

    init(_ limits: EngineLimits, now: Int64) {
        self.limits = limits
        items = TokenBucket(perSecond: limits.controlItemsPerSecond, most: limits.controlItemBurst, now: now)
        bytes = TokenBucket(perSecond: limits.controlBytesPerSecond, most: limits.controlByteBurst, now: now)
    }

    var isEmpty: Bool { waiting.isEmpty }

    /// Adds an item. False where too much waits: the other end does not take it.
    mutating func append(_ item: Item) -> Bool {
        let encoded = item.encoded
        guard byteCount + encoded.count <= limits.waitingControlBytes else { return false }
        waiting.append(encoded)
        byteCount += encoded.count
        return true
    }

    /// Moves what may go by now.
    mutating func move(to outgoing: inout OutgoingBytes, now: Int64) {
        var count = 0
        for item in waiting {
            // What is larger than all that may ever gather would wait forever; none is.
            guard items.spend(1, now: now) else { break }
            guard bytes.spend(Double(item.count), now: now) else { break }
            outgoing.append(item)
            byteCount -= item.count
            count += 1
        }
        waiting.removeFirst(count)
    }

    /// Moves all of it: the link ends, and its other end counts no more.
    mutating func moveAll(to outgoing: inout OutgoingBytes) {
        for item in waiting { outgoing.append(item) }
        (waiting, byteCount) = ([], 0)
    }
}
