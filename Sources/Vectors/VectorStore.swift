/// The vectors of one node, all of one length, in numbered slots.
///
/// Slots come into being as zeros when first read. A slot holds its block as a payload, so that a snapshot of the whole
/// slot is that payload and copies nothing. Whoever then writes the slot, while the snapshot lives, writes a fresh
/// block of the pool in its place: what was shared stays as it is, for the threads too that read it at this moment.
/// Only the store knows that a payload is its own alone, by counting the references to it; there it writes in place.
///
/// A slot's vector can be taken out (a gradient that moves to the compute thread) and put back; naming it in between is
/// a bug and traps. `combine` over several slots at once is the one unsafe place: it reads some slots while it writes
/// another, which no exclusive access could express.
public struct VectorStore: ~Copyable {
    /// Numbers in each vector.
    public let count: Int
    private let pool: PayloadPool
    private let slots: UnsafeMutablePointer<Payload?>
    private var isTaken: [Bool]

    /// A store with room for `capacity` slots, whose blocks come from the pool and return to it.
    public init(count: Int, capacity: Int, pool: PayloadPool = PayloadPool()) {
        self.count = count
        self.pool = pool
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: nil, count: capacity)
        isTaken = [Bool](repeating: false, count: capacity)
    }

    deinit {
        slots.deinitialize(count: isTaken.count)
        slots.deallocate()
    }

    /// A term of a combination: a number times a slot's vector, a range of it, or a payload; or times what one of these
    /// has more than another, the origin.
    public struct Term {
        /// Where a term's numbers lie: a range of a slot's vector, or a whole payload.
        public enum Source {
            case slot(Int, Range<Int>)
            case payload(Payload)
        }

        /// What the numbers are multiplied by.
        public let weight: Double
        /// The numbers, as many as the combination writes.
        public let source: Source
        /// What is taken from them before; nil for nothing.
        public let origin: Source?

        /// `weight * source`, or `weight * (source - origin)` where there is an origin.
        public init(weight: Double, source: Source, origin: Source? = nil) {
            self.weight = weight
            self.source = source
            self.origin = origin
        }
    }

    /// Moves a slot's vector out; until `put` nothing may name the slot. Nothing comes out of a slot that was never
    /// written, or whose vector others hold too: theirs it stays.
    public mutating func take(_ slot: Int) -> FlatVector? {
        refuseTaken(slot)
        isTaken[slot] = true
        guard isKnownUniquelyReferenced(&slots[slot]) else {
            slots[slot] = nil
            return nil
        }
        return slots[slot].take()?.takeBlock()
    }

    /// Moves a vector into a slot.
    public mutating func put(_ vector: consuming FlatVector, in slot: Int) {
        precondition(
            vector.count == count, "a vector of \(vector.count) numbers in a store of \(count)")
        isTaken[slot] = false
        slots[slot] = Payload(vector, pool: pool)
    }

    /// Moves a vector into a slot that others may hold too, and copies nothing.
    public mutating func put(_ vector: Payload, in slot: Int) {
        precondition(vector.count == count, "a vector of \(vector.count) numbers in a store of \(count)")
        isTaken[slot] = false
        slots[slot] = vector
    }

    /// Lets go of a slot's vector, which lies elsewhere from now on; until `put` nothing may name the slot.
    public mutating func leave(_ slot: Int) {
        refuseTaken(slot)
        isTaken[slot] = true
        slots[slot] = nil
    }

    /// Makes a slot as if nobody had ever named it, also where its vector is away.
    public mutating func forget(_ slot: Int) {
        isTaken[slot] = false
        slots[slot] = nil
    }

    /// Whether a slot's vector was taken out and not put back.
    public func isAway(_ slot: Int) -> Bool { isTaken[slot] }

    /// Whether a slot has a vector of its own here: it was written or read before, and is not away.
    public func holds(_ slot: Int) -> Bool { slots[slot] != nil }

    /// Lends a slot's numbers for reading; a slot never written reads as zeros.
    public func read<Result: ~Copyable>(_ slot: Int, _ body: (Span<Float>) -> Result) -> Result {
        body(UnsafeBufferPointer(start: pointer(slot), count: count).span)
    }

    /// Lends a slot's numbers for writing.
    public mutating func write<Result: ~Copyable>(
        _ slot: Int, _ body: (inout MutableSpan<Float>) -> Result
    ) -> Result {
        var span = UnsafeMutableBufferPointer(start: writable(slot), count: count).mutableSpan
        return body(&span)
    }

    /// Lends one slot for writing while another is read.
    public mutating func write<Result: ~Copyable>(
        _ target: Int, reading source: Int, _ body: (inout MutableSpan<Float>, Span<Float>) -> Result
    ) -> Result {
        precondition(target != source, "slot \(target) is read while it is written")
        var span = UnsafeMutableBufferPointer(start: writable(target), count: count).mutableSpan
        return body(&span, UnsafeBufferPointer(start: pointer(source), count: count).span)
    }

    /// Lends one slot for writing all of it, whatever it holds, while two others are read.
    public mutating func overwrite<Result: ~Copyable>(
        _ target: Int, reading first: Int, _ second: Int,
        _ body: (inout MutableSpan<Float>, Span<Float>, Span<Float>) -> Result
    ) -> Result {
        precondition(target != first && target != second, "slot \(target) is read while it is written")
        _ = renew(target, keepsNumbers: false)
        var span = UnsafeMutableBufferPointer(start: writable(target), count: count).mutableSpan
        return body(
            &span, UnsafeBufferPointer(start: pointer(first), count: count).span,
            UnsafeBufferPointer(start: pointer(second), count: count).span)
    }

    /// `slot[range] <- sum of weight x source + sum of weight x (source - origin)`, one fused pass in float32; every
    /// source has the length of `range`, and all terms with an origin have the same one.
    ///
    /// A slot that is a source with the very same range as the destination may be the destination; so may the origin,
    /// which is then what the destination held before. A whole vector that is taken over as it is, is shared and not
    /// copied.
    public mutating func combine(into target: Int, range: Range<Int>, _ terms: [Term]) {
        precondition(range.upperBound <= count, "\(range) lies outside a vector of \(count)")
        refuseTaken(target)
        let isWhole = range.count == count
        if isWhole, terms.count == 1, terms[0].weight == 1, terms[0].origin == nil,
            share(terms[0].source, as: target)
        {
            return
        }

        let differences = terms.filter { $0.origin != nil }
        let own = terms.compactMap { $0.isOwn(target, range) ? Float($0.weight) : nil }
        let readsFormer = !own.isEmpty || differences.contains { $0.origin?.isSlot(target, range) == true }
        // What the slot held must outlive the reading of it, though others may let go of it at any moment.
        let former = isWhole ? renew(target, keepsNumbers: readsFormer) : nil
        let into = writable(target) + range.lowerBound
        let formerNumbers = former?.buffer.baseAddress ?? UnsafePointer(into)
        func numbers(_ terms: [Term]) -> [(source: UnsafePointer<Float>, weight: Float)] {
            terms.map { (source($0.source, range, target), Float($0.weight)) }
        }
        let plain = Kernels.Sum(
            former: formerNumbers, own: own.isEmpty ? nil : own.reduce(0, +),
            others: numbers(terms.filter { $0.origin == nil && !$0.isOwn(target, range) }))
        if let origin = differences.first?.origin {
            precondition(differences.allSatisfy { $0.origin == origin }, "differences from several vectors")
            Kernels.combine(
                into: into, plain, differences: numbers(differences),
                from: origin.isSlot(target, range) ? formerNumbers : source(origin, range, target), count: range.count)
        } else {
            Kernels.combine(into: into, plain, count: range.count)
        }
        // Payloads must outlive the raw pointers above.
        withExtendedLifetime((terms, former)) {}
    }

    /// A slot's range as it is now and stays in the payload: the slot's own block for the whole, else a copy.
    public func snapshot(_ slot: Int, range: Range<Int>) -> Payload {
        precondition(range.upperBound <= count, "\(range) lies outside a vector of \(count)")
        let source = pointer(slot) + range.lowerBound
        if range.count == count, let whole = slots[slot] { return whole }
        return pool.payload(count: range.count) { span in
            span.withUnsafeMutableBufferPointer { target in
                guard let base = target.baseAddress else { return }
                Kernels.copy(into: base, from: source, count: range.count)
            }
        }
    }

    // MARK: Blocks

    /// The slot's numbers, to be read until the slot is next written.
    func pointer(_ slot: Int) -> UnsafePointer<Float> {
        refuseTaken(slot)
        if slots[slot] == nil { slots[slot] = Payload(FlatVector(count: count), pool: pool) }
        guard let base = slots[slot]?.buffer.baseAddress else { preconditionFailure("slot \(slot) is empty") }
        return base
    }

    /// The slot's numbers in a block that nobody else holds, copied there if need be.
    mutating func writable(_ slot: Int) -> UnsafeMutablePointer<Float> {
        if let former = renew(slot, keepsNumbers: true), let into = slots[slot]?.mutableBuffer.baseAddress {
            if let from = former.buffer.baseAddress { Kernels.copy(into: into, from: from, count: count) }
            withExtendedLifetime(former) {}
        }
        return UnsafeMutablePointer(mutating: pointer(slot))
    }

    /// Sees to it that nobody else holds the slot's block: puts a fresh one, whose numbers are anything, in the place
    /// of one that is shared, and returns that. A slot never written begins as zeros if its numbers are to be kept.
    private mutating func renew(_ slot: Int, keepsNumbers: Bool) -> Payload? {
        refuseTaken(slot)
        // Asked of the slot itself: any other reference, such as a local one, would count.
        if isKnownUniquelyReferenced(&slots[slot]) { return nil }
        let former = slots[slot]
        if former == nil && keepsNumbers { return nil }
        slots[slot] = Payload(pool.block(count: count), pool: pool)
        return former
    }

    /// Lets the slot hold a whole vector that another slot or a message holds too; false where the source is a part.
    private mutating func share(_ source: Term.Source, as target: Int) -> Bool {
        switch source {
        case .slot(let slot, let part):
            guard part.count == count else { return false }
            _ = pointer(slot)
            slots[target] = slots[slot]
        case .payload(let payload):
            guard payload.count == count else { return false }
            slots[target] = payload
        }
        return true
    }

    /// Where a source lies that is mixed into `range` of `target`.
    private func source(_ source: Term.Source, _ range: Range<Int>, _ target: Int) -> UnsafePointer<Float> {
        switch source {
        case .slot(let slot, let part):
            precondition(part.count == range.count, "\(part.count) numbers mixed into \(range.count)")
            precondition(slot != target || !part.overlaps(range), "a part mixed into an overlapping one")
            precondition(part.upperBound <= count, "\(part) lies outside a vector of \(count)")
            return pointer(slot) + part.lowerBound
        case .payload(let payload):
            precondition(
                payload.count == range.count, "a payload of \(payload.count) mixed into \(range.count)")
            guard let base = payload.buffer.baseAddress else { preconditionFailure("a payload lost its block") }
            return base
        }
    }

    private func refuseTaken(_ slot: Int) {
        precondition(
            !isTaken[slot], "slot \(slot) is named while its vector is away (a gradient not yet answered)"
        )
    }
}

extension VectorStore.Term {
    /// Whether it is the very numbers that the combination writes.
    fileprivate func isOwn(_ target: Int, _ range: Range<Int>) -> Bool {
        origin == nil && source.isSlot(target, range)
    }
}

extension VectorStore.Term.Source: Equatable {
    /// Whether both are the same range of the same slot, or the very same payload.
    public static func == (one: Self, other: Self) -> Bool {
        switch (one, other) {
        case (.slot(let slot, let range), .slot(let otherSlot, let otherRange)):
            slot == otherSlot && range == otherRange
        case (.payload(let payload), .payload(let otherPayload)): payload === otherPayload
        default: false
        }
    }

    fileprivate func isSlot(_ slot: Int, _ range: Range<Int>) -> Bool { self == .slot(slot, range) }
}
