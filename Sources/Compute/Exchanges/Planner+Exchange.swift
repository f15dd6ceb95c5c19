internal import Models

extension Planner {
    /// Appends the wait for what the stage before makes of the samples: values of that shape, plain.
    mutating func receive(shape: [Int], channels: ChannelSlices?) -> Value {
        let slice = values(shape.reduce(1, *))
        let input = Value(shape: shape, layout: .plain, slice: slice, channels: channels)
        exchange(.previous, incoming: (slice, [batch * input.count]))
        return input
    }

    /// Appends the handing on of a plain value to the stage behind; gives its gradient, where one comes back.
    mutating func handOn(_ output: Value) -> BufferSlice? {
        let count = batch * output.count
        let gradient = mode.hasBackward ? values(output.count) : nil
        exchange(.next, outgoing: (output.slice, [count]), incoming: gradient.map { ($0, [count]) })
        return gradient
    }

    /// Appends the handing back of the gradient of a stage's input to the stage before.
    mutating func handBack(_ gradient: BufferSlice, _ input: Value) {
        exchange(.previous, outgoing: (gradient, [batch * input.count]))
    }

    /// Appends the exchange of a block that has so many numbers in each slot, with the whole stage: all blocks side by
    /// side, or where they are equally long their sum.
    mutating func gather(_ block: BufferSlice, counts: [Int], slot: Int, isSummed: Bool = false) -> BufferSlice {
        let result = floats(isSummed ? counts[slot] : counts.reduce(0, +))
        exchange(.gather, outgoing: (block, [counts[slot]]), incoming: (result, counts), isSummed: isSummed)
        return result
    }

    /// Appends the exchange of a block with a part of so many numbers for each slot: the sum of all parts for this one.
    mutating func scatter(_ block: BufferSlice, counts: [Int], slot: Int) -> BufferSlice {
        let result = floats(counts[slot])
        let parts = counts.map { _ in counts[slot] }
        exchange(.scatter, outgoing: (block, counts), incoming: (result, parts), isSummed: true)
        return result
    }

    private mutating func exchange(
        _ kind: Exchange.Kind, outgoing: (slice: BufferSlice, counts: [Int])? = nil,
        incoming: (slice: BufferSlice, counts: [Int])? = nil, isSummed: Bool = false
    ) {
        let exchange = Exchange(kind: kind, outgoing: outgoing?.counts ?? [], incoming: incoming?.counts ?? [])
        stop(
            PlannedExchange(
                exchange: exchange, outgoing: outgoing?.slice, incoming: incoming?.slice, isSummed: isSummed))
    }
}
