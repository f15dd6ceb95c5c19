internal import CKernels
internal import Models
internal import Vectors

extension Planner {
    /// A norm as the backward pass sees it.
    struct NormStep {
        let norm: Operation.Norm
        let shape: kernel_norm
        let coefficients: Place
        /// Which numbers the ReLU behind the norm has let pass; none without one.
        var passed: Buffer?
    }

    /// A residual block as the backward pass sees it.
    struct ResidualStep {
        let body: Branch
        let shortcut: Branch
        let passed: Buffer?
    }

    /// One branch of a residual block. A norm at its end is measured only; it is applied together with the sum.
    struct Branch {
        let steps: [Step]
        /// Before the norm.
        let end: Value
        let norm: NormStep?

        var term: Term { Term(values: end.place, coefficients: norm?.coefficients) }
        var hasParameters: Bool { norm != nil || steps.contains(where: \.hasParameters) }
    }

    /// Appends the stages one behind the other.
    mutating func forward(_ stages: [Stage], _ input: Value) throws(OneDNNError) -> Value {
        var value = input
        for stage in stages { value = try forward(stage, value) }
        return value
    }

    /// Appends what finds the coefficients of a norm on these images.
    private mutating func measure(_ norm: Operation.Norm, _ input: Value) -> NormStep {
        var groups = 0
        if case .groups(let count) = norm.extent { groups = count }
        var shape = kernel_norm(
            images: input.kernel(batch: batch), groups: Int64(groups), epsilon: Layer.normEpsilon)
        let coefficients = floats(Int(kernel_norm_coefficients(&shape)))
        if case .batch(let mean, let variance) = norm.extent, !mode.normalizesByBatch {
            instructions.append(
                GivenNorm(
                    shape: shape, norm: norm, mean: mean.statisticsPlace, variance: variance.statisticsPlace,
                    coefficients: coefficients))
        } else {
            instructions.append(
                MeasureNorm(
                    shape: shape, norm: norm, input: input.place, coefficients: coefficients,
                    scratch: floats(Int(kernel_norm_scratch(&shape))), threads: threads))
        }
        return NormStep(norm: norm, shape: shape, coefficients: coefficients)
    }

    /// Room for one bit a number, where the backward pass will ask what the ReLU has let pass.
    private mutating func passedBits(_ value: Value, rectified: Bool) -> Buffer? {
        guard rectified, mode.hasBackward else { return nil }
        let channels = value.shape[0]
        return buffer(bytes: 2 * batch * ((channels + 15) / 16) * (value.count / channels))
    }

    mutating func normalize(_ norm: Operation.Norm, rectified: Bool, _ input: Value) -> Value {
        var step = measure(norm, input)
        step.passed = passedBits(input, rectified: rectified)
        // The backward pass wants the input as it was.
        let place = mode.hasBackward ? values(input.count) : inPlace(input)
        let output = Value(shape: input.shape, layout: input.layout, place: place)
        instructions.append(
            ApplyNorm(
                shape: step.shape, first: Term(values: input.place, coefficients: step.coefficients), second: nil,
                isRectified: rectified, output: output.place, passed: step.passed, threads: threads))
        tape.append(Step(kind: .norm(step), input: input, output: output))
        return output
    }

    mutating func residual(
        body: [Stage], shortcut: [Stage], rectified: Bool, _ input: Value
    ) throws(OneDNNError) -> Value {
        var fork = input
        fork.isShared = true
        let body = try branch(body, fork, layout: nil)
        let shortcut = try branch(shortcut, fork, layout: body.end.layout)
        let output = Value(
            shape: body.end.shape, layout: body.end.layout, place: values(body.end.count))
        let passed = passedBits(output, rectified: rectified)
        let shape =
            body.norm?.shape ?? shortcut.norm?.shape
            ?? kernel_norm(images: output.kernel(batch: batch), groups: 0, epsilon: 0)
        instructions.append(
            ApplyNorm(
                shape: shape, first: body.term, second: shortcut.term, isRectified: rectified, output: output.place,
                passed: passed, threads: threads))
        tape.append(
            Step(
                kind: .residual(ResidualStep(body: body, shortcut: shortcut, passed: passed)), input: input,
                output: output))
        return output
    }

    /// Appends a branch up to the norm at its end, in the layout wanted.
    private mutating func branch(
        _ stages: [Stage], _ input: Value, layout: ImageLayout?
    ) throws(OneDNNError) -> Branch {
        let outer = tape
        tape = []
        defer { tape = outer }
        guard case .norm(let norm, rectified: false)? = stages.last?.operation else {
            var end = try forward(stages, input)
            if let layout { end = try value(end, in: layout) }
            return Branch(steps: tape, end: end, norm: nil)
        }
        var end = try forward(Array(stages.dropLast()), input)
        if let layout { end = try value(end, in: layout) }
        let step = measure(norm, end)
        return Branch(steps: tape, end: end, norm: step)
    }
}

extension Planner {
    /// Appends the backward pass of a norm.
    mutating func normBackward(_ step: NormStep, input: Value, _ flow: Flow, needsInputGradient: Bool) -> Flow {
        // Two blocks become one on the way; a single one is left as it is, and its ReLU is passed twice.
        let sum = flow.second == nil ? nil : (flow.isShared ? values(input.count) : flow.first)
        let slopes = measureBackward(step, input: input, flow, passed: step.passed, sum: sum)
        guard needsInputGradient else { return flow }
        let rest = sum.map { Flow($0) } ?? flow
        let result = rest.isShared ? values(input.count) : rest.first
        instructions.append(
            NormBackward(
                shape: step.shape, flow: rest, passed: sum == nil ? step.passed : nil, input: input.place,
                slopes: slopes, inputGradient: result, threads: threads))
        return Flow(result)
    }

    /// Appends what finds the gradients of a norm's parameters, and gives the slopes for that of its input.
    private mutating func measureBackward(
        _ step: NormStep, input: Value, _ flow: Flow, passed: Buffer?, sum: Place?
    ) -> Place {
        var shape = step.shape
        let slopes = floats(Int(kernel_norm_coefficients(&shape)))
        instructions.append(
            MeasureNormBackward(
                shape: shape, norm: step.norm, flow: flow, passed: passed, input: input.place,
                coefficients: step.coefficients, slopes: slopes, sum: sum,
                scratch: floats(Int(kernel_norm_scratch(&shape))), threads: threads))
        return slopes
    }

    /// Appends the backward pass of a residual block. What comes back is the sum of what its branches give, left to the
    /// step before.
    mutating func residualBackward(
        _ step: ResidualStep, input: Value, output: Value, _ flow: Flow, needsInputGradient: Bool
    ) throws(OneDNNError) -> Flow {
        var joined = flow
        var slopes: Place?
        if flow.second != nil || step.passed != nil {
            joined = Flow(flow.isShared ? values(output.count) : flow.first)
            if let norm = step.body.norm {
                slopes = measureBackward(
                    norm, input: step.body.end, flow, passed: step.passed, sum: joined.first)
            } else {
                instructions.append(
                    SumFlow(
                        images: output.kernel(batch: batch), flow: flow, passed: step.passed, result: joined.first,
                        threads: threads))
            }
        }
        let isOwned = !joined.isShared
        joined.isShared = true
        let first = try backward(step.body, joined, slopes: slopes, needsInputGradient: needsInputGradient)
        let second = try backward(step.shortcut, joined, slopes: nil, needsInputGradient: needsInputGradient)
        guard needsInputGradient else { return joined }
        var result = Flow(single(first, input), second: single(second, input))
        // What a branch has passed on as it was belongs to whom it belonged to before.
        result.isShared = result.first == joined.first && !isOwned
        return result
    }

    private mutating func backward(
        _ branch: Branch, _ flow: Flow, slopes: Place?, needsInputGradient: Bool
    ) throws(OneDNNError) -> Flow {
        guard needsInputGradient || branch.hasParameters else { return flow }
        let goesOn = needsInputGradient || branch.steps.contains(where: \.hasParameters)
        var flow = flow
        if let norm = branch.norm {
            let slopes = slopes ?? measureBackward(norm, input: branch.end, flow, passed: nil, sum: nil)
            guard goesOn else { return flow }
            let result = values(branch.end.count)
            instructions.append(
                NormBackward(
                    shape: norm.shape, flow: flow, passed: nil, input: branch.end.place, slopes: slopes,
                    inputGradient: result, threads: threads))
            flow = Flow(result)
        }
        return try backward(branch.steps, flow, needsInputGradient: needsInputGradient)
    }
}

extension VectorLayout.Entry {
    /// Where the statistic lies among all.
    var statisticsPlace: Place { Place(buffer: .statistics, offset: offset) }
}

extension Planner.Value {
    /// The batch as kernels see it; flat samples are images of one pixel.
    func kernel(batch: Int) -> kernel_images {
        let channels = shape[0]
        let pixels = count / channels
        let lanes = pixels == 1 ? channels : layout.lanes(channels: channels)
        return kernel_images(
            batch: Int64(batch), channels: Int64(channels), pixels: Int64(pixels), lanes: Int64(lanes))
    }
}
