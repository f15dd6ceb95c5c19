/// A gradient on its way back: the sum of one or two blocks, of which the second comes from the other branch of a
/// residual block.
///
/// The sum is left to the next step, which often can add on the way.
struct Flow {
    var first: Place
    var second: Place?
    /// Whether another branch reads the first block too, so that nothing may be written over it.
    var isShared = false

    init(_ first: Place, second: Place? = nil, isShared: Bool = false) {
        self.first = first
        self.second = second
        self.isShared = isShared
    }

    var buffers: [Buffer] { [first.buffer] + (second.map { [$0.buffer] } ?? []) }
}

extension Planner {
    /// The gradient as one block. Elementwise, so that any two blocks of equal size and layout will do.
    mutating func single(_ flow: Flow, _ value: Value) -> Place {
        guard flow.second != nil else { return flow.first }
        let result = flow.isShared ? values(value.count) : flow.first
        instructions.append(
            SumFlow(images: value.kernel(batch: batch), flow: flow, passed: nil, result: result, threads: threads))
        return result
    }

    /// The gradient as one block that may be written over.
    mutating func owned(_ flow: Flow, _ value: Value) -> Place {
        guard flow.isShared else { return single(flow, value) }
        let result = values(value.count)
        instructions.append(
            SumFlow(images: value.kernel(batch: batch), flow: flow, passed: nil, result: result, threads: threads))
        return result
    }
}
