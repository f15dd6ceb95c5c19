/// The vectors of one node, all of one length, in numbered slots.
///
/// Slots come into being as zeros when first written. A slot's vector can be taken out (a gradient that moves to the
/// compute thread) and put back; naming it in between is a bug and traps. `combine` over several slots at once is the
/// one unsafe place: it reads some slots while it writes another, which no exclusive access could express.
public struct VectorStore: ~Copyable {
    /// Numbers in each vector.
    public let count: Int
    private let slots: UnsafeMutablePointer<FlatVector?>
    private var isTaken: [Bool]

    /// A store with room for `capacity` slots.
    public init(count: Int, capacity: Int) {
        self.count = count
        slots = .allocate(capacity: capacity)
        for slot in 0..<capacity { (slots + slot).initialize(to: nil) }
        isTaken = [Bool](repeating: false, count: capacity)
    }

    deinit {
        slots.deinitialize(count: isTaken.count)
        slots.deallocate()
    }

    /// A term of a combination: a number times a slot's vector, a range of it, or a payload.
    public struct Term {
        public enum Source {
            case slot(Int, Range<Int>)
            case payload(Payload)
        }

        public let weight: Double
        public let source: Source

        public init(weight: Double, source: Source) {
            self.weight = weight
            self.source = source
        }
    }

    /// Moves a slot's vector out; until `put` nothing may name the slot.
    public mutating func take(_ slot: Int) -> FlatVector {
        materialize(slot)
        isTaken[slot] = true
        guard let vector = slots[slot].take() else { preconditionFailure("slot \(slot) is empty") }
        return vector
    }

    /// Moves a vector into a slot.
    public mutating func put(_ vector: consuming FlatVector, in slot: Int) {
        precondition(
            vector.count == count, "a vector of \(vector.count) numbers in a store of \(count)")
        isTaken[slot] = false
        slots[slot] = consume vector
    }

    /// Whether a slot's vector was taken out and not put back.
    public func isAway(_ slot: Int) -> Bool { isTaken[slot] }

    /// Whether a slot has a vector of its own here: it was written or read before, and is not away.
    public func holds(_ slot: Int) -> Bool {
        switch slots[slot] {
        case .some: true
        case .none: false
        }
    }

    /// Lends a slot's numbers for reading; a slot never written reads as zeros.
    public func read<Result: ~Copyable>(_ slot: Int, _ body: (Span<Float>) -> Result) -> Result {
        body(UnsafeBufferPointer(start: pointer(slot), count: count).span)
    }

    /// Lends a slot's numbers for writing.
    public mutating func write<Result: ~Copyable>(
        _ slot: Int, _ body: (inout MutableSpan<Float>) -> Result
    ) -> Result {
        var span = UnsafeMutableBufferPointer(start: pointer(slot), count: count).mutableSpan
        return body(&span)
    }

    /// Lends two slots' numbers for reading.
    public func readPair<Result: ~Copyable>(
        _ first: Int, _ second: Int, _ body: (Span<Float>, Span<Float>) -> Result
    ) -> Result {
        let (a, b) = (UnsafePointer(pointer(first)), UnsafePointer(pointer(second)))
        return body(
            UnsafeBufferPointer(start: a, count: count).span,
            UnsafeBufferPointer(start: b, count: count).span)
    }

    /// Lends one slot for writing while others are read.
    public mutating func write<Result: ~Copyable>(
        _ target: Int, reading source: Int, _ body: (inout MutableSpan<Float>, Span<Float>) -> Result
    ) -> Result {
        precondition(target != source, "slot \(target) is read while it is written")
        let sourceBase = pointer(source)
        var span = UnsafeMutableBufferPointer(start: pointer(target), count: count).mutableSpan
        return body(&span, UnsafeBufferPointer(start: sourceBase, count: count).span)
    }

    /// `slot[range] <- sum of weight x source`, one fused pass in float32; every source has the length of `range`.
    ///
    /// A slot that is a source with the very same range as the destination may be the destination.
    public mutating func combine(into target: Int, range: Range<Int>, _ terms: [Term]) {
        precondition(range.upperBound <= count, "\(range) lies outside a vector of \(count)")
        var sources: [UnsafePointer<Float>] = []
        for term in terms {
            switch term.source {
            case .slot(let slot, let part):
                precondition(part.count == range.count, "\(part.count) numbers mixed into \(range.count)")
                precondition(
                    slot != target || part == range || !part.overlaps(range),
                    "a part mixed into an overlapping one")
                sources.append(UnsafePointer(pointer(slot) + part.lowerBound))
            case .payload(let payload):
                precondition(
                    payload.count == range.count, "a payload of \(payload.count) mixed into \(range.count)")
                sources.append(payload.buffer.baseAddress!)
            }
        }
        Kernels.combine(
            into: pointer(target) + range.lowerBound, count: range.count, sources: sources,
            weights: terms.map { Float($0.weight) })
        // Payloads must outlive the raw pointers above.
        withExtendedLifetime(terms) {}
    }

    /// An immutable copy of a slot's range, as of now.
    public func snapshot(_ slot: Int, range: Range<Int>, from pool: PayloadPool) -> Payload {
        precondition(range.upperBound <= count, "\(range) lies outside a vector of \(count)")
        let source = UnsafePointer(pointer(slot) + range.lowerBound)
        return pool.payload(count: range.count) { span in
            span.withUnsafeMutableBufferPointer { target in
                guard let base = target.baseAddress else { return }
                Kernels.copy(into: base, from: source, count: range.count)
            }
        }
    }

    private func materialize(_ slot: Int) {
        precondition(
            !isTaken[slot], "slot \(slot) is named while its vector is away (a gradient not yet answered)"
        )
        if slots[slot] == nil { slots[slot] = FlatVector(count: count) }
    }

    func pointer(_ slot: Int) -> UnsafeMutablePointer<Float> {
        materialize(slot)
        switch slots[slot] {
        case .some(let vector): return vector.mutableBuffer.baseAddress!
        case .none: preconditionFailure("slot \(slot) is empty")
        }
    }
}
