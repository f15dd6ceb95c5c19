internal import CKernels
internal import Models

extension Residual: ComputedLayer {
    func operation(_ layer: PlacedLayer, mode: Mode) -> (any Operation)? {
        ResidualOperation(
            layer: layer, body: layer.branches[0].operations(mode: mode),
            shortcut: layer.branches[1].operations(mode: mode))
    }
}

/// The sum of two branches, then max(0, y) when rectified.
struct ResidualOperation: Operation {
    let layer: PlacedLayer
    let body: [any Operation]
    let shortcut: [any Operation]
    var isRectified = false

    func rectifyingOutput() -> (any Operation)? {
        isRectified
            ? nil : ResidualOperation(layer: layer, body: body, shortcut: shortcut, isRectified: true)
    }

    func forward(_ input: Value, in planner: inout Planner) throws(OneDNNError) -> Value {
        var fork = input
        fork.isShared = true
        // Two ends of which a slot has different channels cannot be added before all have all.
        let ends = planner.neurons.map { share in layer.branches.map { $0.channels(behind: input.channels, share) } }
        let isGathered = Set(ends ?? []).count > 1
        let body = try Branch(body, fork, layout: nil, isGathered: isGathered, in: &planner)
        let shortcut = try Branch(
            shortcut, fork, layout: body.end.layout, isGathered: isGathered, in: &planner)
        let output = body.end.placed(at: planner.values(body.end.count))
        let mask = isRectified ? planner.reluMask(output) : nil
        let shape =
            body.norm?.shape ?? shortcut.norm?.shape
            ?? kernel_norm(images: output.kernel(batch: planner.batch), groups: 0, epsilon: 0)
        planner.apply(
            shape, body.term, shortcut.term, isRectified: isRectified, into: output.slice, reluMask: mask)
        planner.tape.append(Step(input: input, output: output, body: body, shortcut: shortcut, reluMask: mask))
        return output
    }

    struct Step: TapeStep {
        let input: Value
        let output: Value
        let body: Branch
        let shortcut: Branch
        let reluMask: BufferSlice?

        var hasParameters: Bool { body.hasParameters || shortcut.hasParameters }

        /// What comes back is the sum of what the branches give, left to the step before.
        func backward(
            _ gradient: BranchGradient, needsInputGradient: Bool, in planner: inout Planner
        ) throws(OneDNNError) -> BranchGradient {
            var joined = gradient
            var slopes: BufferSlice?
            if gradient.second != nil || reluMask != nil {
                joined = BranchGradient(gradient.isShared ? planner.values(output.count) : gradient.first)
                if let norm = body.norm {
                    slopes = norm.measureBackward(gradient, reluMask: reluMask, sum: joined.first, in: &planner)
                } else {
                    planner.sum(gradient, output, reluMask: reluMask, into: joined.first)
                }
            }
            let isOwned = !joined.isShared
            joined.isShared = true
            let first = try body.backward(
                joined, slopes: slopes, needsInputGradient: needsInputGradient, in: &planner)
            let second = try shortcut.backward(
                joined, slopes: nil, needsInputGradient: needsInputGradient, in: &planner)
            guard needsInputGradient else { return joined }
            var result = BranchGradient(planner.single(first, input), second: planner.single(second, input))
            // What a branch has passed on as it was belongs to whom it belonged to before.
            result.isShared = result.first == joined.first && !isOwned
            return result
        }
    }
}
