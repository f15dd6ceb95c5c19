internal import Models

/// One branch of a residual block. A norm at its end is measured only; it is applied together with the sum.
struct Branch {
    let steps: [any TapeStep]
    /// Before the norm.
    let end: Value
    let norm: MeasuredNorm?

    var term: Term { Term(values: end.slice, coefficients: norm?.coefficients) }
    var hasParameters: Bool { norm != nil || steps.hasParameters }

    /// Appends a branch up to the norm at its end, in the layout wanted; where its end is gathered, with the norm and
    /// all channels.
    init(
        _ operations: [any Operation], _ input: Value, layout: ImageLayout?, isGathered: Bool,
        in planner: inout Planner
    ) throws(OneDNNError) {
        let outer = planner.tape
        planner.tape = []
        defer { planner.tape = outer }
        let last = isGathered ? nil : (operations.last as? NormOperation).flatMap { $0.isRectified ? nil : $0 }
        var end = try planner.forward(last == nil ? operations : operations.dropLast(), input)
        if let last { end = try planner.prepared(end, for: last) }
        if isGathered { end = try planner.whole(end, isPartial: false) }
        if let layout { end = try planner.value(end, in: layout) }
        norm = last?.measure(end, in: &planner)
        self.end = end
        steps = planner.tape
    }

    /// Appends the branch's backward pass from the gradient of the block's sum; `slopes` are those of its norm where
    /// they have been found already.
    func backward(
        _ gradient: BranchGradient, slopes: BufferSlice?, needsInputGradient: Bool, in planner: inout Planner
    ) throws(OneDNNError) -> BranchGradient {
        guard needsInputGradient || hasParameters else { return gradient }
        var gradient = gradient
        if let norm {
            let slopes = slopes ?? norm.measureBackward(gradient, reluMask: nil, sum: nil, in: &planner)
            guard needsInputGradient || steps.hasParameters else { return gradient }
            let result = planner.values(end.count)
            norm.backward(gradient, reluMask: nil, slopes: slopes, into: result, in: &planner)
            gradient = BranchGradient(result)
        }
        return try steps.backward(gradient, needsInputGradient: needsInputGradient, in: &planner)
    }
}
