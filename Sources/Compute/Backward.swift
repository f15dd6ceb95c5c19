internal import CKernels
internal import COneDNN
internal import Models
internal import Vectors

extension Planner {
    /// Appends the backward pass of some steps: the tape read from its end, each step turning the gradient of its
    /// output into that of its input and into those of its parameters. Where the gradient of the first input is not
    /// needed, it stops at the first step with parameters, and what it gives has no meaning.
    mutating func backward(_ steps: [Step], _ flow: Flow, needsInputGradient: Bool) throws(OneDNNError) -> Flow {
        guard let first = needsInputGradient ? 0 : steps.firstIndex(where: \.hasParameters) else { return flow }
        var flow = flow
        var index = steps.count - 1
        while index >= first {
            if index > first,
                let shape = RoutedRule.shape(
                    convolution: steps[index - 1], pooling: steps[index], rule: rule, batch: batch)
            {
                let gradient = single(flow, steps[index].output)
                index -= 1
                flow = Flow(
                    routedBackward(
                        shape, convolution: steps[index], pooling: steps[index + 1], gradient,
                        needsInputGradient: needsInputGradient || index > first))
            } else {
                flow = try backward(
                    steps[index], flow, needsInputGradient: needsInputGradient || index > first)
            }
            index -= 1
        }
        return flow
    }

    /// Appends the backward pass of a max-pooling and the convolution before it in one.
    private mutating func routedBackward(
        _ shape: kernel_routed, convolution: Step, pooling: Step, _ gradient: Place, needsInputGradient: Bool
    ) -> Place {
        guard case .stage(let stage) = convolution.kind, case .convolution(let affine, _) = stage.operation,
            let chosen = pooling.extra
        else { preconditionFailure("the rule lets only a convolution and a max-pooling through") }
        let pooled = PooledGradient(gradient: gradient, output: pooling.output.place, chosen: chosen)
        var shape = shape
        instructions.append(
            RoutedWeightsGradient(
                shape: shape, input: convolution.input.place, pooled: pooled, weights: affine.weight.gradientPlace,
                bias: affine.bias?.gradientPlace,
                scratch: floats(Int(kernel_routed_weights_scratch(&shape, Int32(threads)))), threads: threads))
        guard needsInputGradient else { return gradient }
        let result = values(convolution.input.count)
        instructions.append(
            RoutedDataGradient(
                shape: shape, weights: affine.weight.place, pooled: pooled, inputGradient: result,
                scratch: floats(Int(kernel_routed_data_scratch(&shape, Int32(threads)))), threads: threads))
        return result
    }

    /// Appends the backward pass of one step and gives its input's gradient (without meaning when that is not needed).
    private mutating func backward(
        _ step: Step, _ flow: Flow, needsInputGradient: Bool
    ) throws(OneDNNError) -> Flow {
        switch step.kind {
        case .stage(let stage):
            return try backward(step, stage, flow, needsInputGradient)
        case .relayout:
            let result = values(step.input.count)
            try relayout(
                from: single(flow, step.output), step.output.layout, to: result, step.input.layout,
                shape: step.input.shape)
            return Flow(result)
        case .norm(let norm):
            return normBackward(norm, input: step.input, flow, needsInputGradient: needsInputGradient)
        case .residual(let residual):
            return try residualBackward(
                residual, input: step.input, output: step.output, flow, needsInputGradient: needsInputGradient)
        }
    }

    private mutating func backward(
        _ step: Step, _ stage: Stage, _ flow: Flow, _ needsInputGradient: Bool
    ) throws(OneDNNError) -> Flow {
        switch stage.operation {
        case .convolution(let affine, let window):
            let gradient = affine.rectified ? owned(flow, step.output) : single(flow, step.output)
            return try convolutionBackward(step, stage, affine, window, gradient, needsInputGradient)
                .map { Flow($0) } ?? flow
        case .dense(let affine):
            let gradient = affine.rectified ? owned(flow, step.output) : single(flow, step.output)
            return denseBackward(step, stage, affine, gradient, needsInputGradient).map { Flow($0) } ?? flow
        case .activation(let activation):
            let gradient = owned(flow, step.output)
            activationBackward(activation, step, gradient)
            return Flow(gradient)
        case .maxPool, .averagePool, .globalAveragePool:
            return Flow(poolingBackward(step, stage, single(flow, step.output)))
        case .dropout(let probability):
            guard let mask = step.extra else { preconditionFailure("a dropout remembers its mask") }
            let gradient = owned(flow, step.output)
            instructions.append(
                DropOutBackward(
                    probability: probability, count: batch * step.output.count, mask: mask, gradient: gradient,
                    threads: threads))
            return Flow(gradient)
        case .flatten, .norm, .residual:
            preconditionFailure("\(stage.operation) leaves no such step on the tape")
        }
    }

    private mutating func poolingBackward(_ step: Step, _ stage: Stage, _ gradient: Place) -> Place {
        let result = values(step.input.count)
        switch stage.operation {
        case .maxPool(let window, let rectified):
            guard let chosen = step.extra else { preconditionFailure("a max-pooling remembers the chosen pixels") }
            instructions.append(
                MaxPoolBackward(
                    shape: kernel_pooling(
                        stage, window, rectified: rectified, layout: step.input.layout, batch: batch),
                    outputGradient: gradient, output: step.output.place, chosen: chosen, inputGradient: result,
                    threads: threads))
        case .averagePool(let window):
            instructions.append(
                AveragePoolBackward(
                    shape: kernel_pooling(stage, window, layout: step.input.layout, batch: batch),
                    outputGradient: gradient, inputGradient: result, threads: threads))
        default:
            instructions.append(
                GlobalAverageBackward(
                    images: step.input.kernel(batch: batch), meansGradient: gradient, inputGradient: result,
                    threads: threads))
        }
        return result
    }

    private mutating func activationBackward(_ activation: Operation.Activation, _ step: Step, _ gradient: Place) {
        instructions.append(
            ActivateBackward(
                activation: activation, count: batch * step.output.count, output: step.output.place,
                gradient: gradient, threads: threads))
    }

    private mutating func denseBackward(
        _ step: Step, _ stage: Stage, _ affine: Operation.Affine, _ gradient: Place, _ needsInputGradient: Bool
    ) -> Place? {
        let outputs = stage.outputShape[0]
        let inputs = stage.inputShape[0]
        if affine.rectified {
            activationBackward(.relu, step, gradient)
        }
        if let bias = affine.bias {
            instructions.append(
                SumRows(
                    rows: batch, columns: outputs, matrix: gradient, result: bias.gradientPlace, threads: threads))
        }
        if affine.rectified, rule.hasWideVectors, inputs % 16 == 0 {
            return gatedProducts(step, stage, affine, gradient, needsInputGradient)
        }
        instructions.append(
            MatrixProduct(
                rows: outputs, columns: inputs, inner: batch, left: gradient, transposesLeft: true,
                right: step.input.place, result: affine.weight.gradientPlace))
        guard needsInputGradient else { return nil }
        let result = values(inputs)
        instructions.append(
            MatrixProduct(
                rows: batch, columns: inputs, inner: outputs, left: gradient, right: affine.weight.place,
                result: result))
        return result
    }

    /// Appends the products of a dense layer's backward pass without what its ReLU has stopped.
    private mutating func gatedProducts(
        _ step: Step, _ stage: Stage, _ affine: Operation.Affine, _ gradient: Place, _ needsInputGradient: Bool
    ) -> Place? {
        var shape = kernel_gated(
            batch: Int64(batch), inputs: Int64(stage.inputShape[0]), outputs: Int64(stage.outputShape[0]))
        let result = needsInputGradient ? values(stage.inputShape[0]) : nil
        instructions.append(
            GatedProducts(
                shape: shape, input: step.input.place, weights: affine.weight.place, gradient: gradient,
                weightsGradient: affine.weight.gradientPlace, inputGradient: result,
                scratch: floats(Int(kernel_gated_scratch(&shape))), threads: threads))
        return result
    }

    private mutating func convolutionBackward(
        _ step: Step, _ stage: Stage, _ affine: Operation.Affine, _ window: Window, _ gradient: Place,
        _ needsInputGradient: Bool
    ) throws(OneDNNError) -> Place? {
        if affine.rectified {
            activationBackward(.relu, step, gradient)
        }
        var shape = conednn_convolution(
            stage, affine, window, step.input.layout, step.output.layout, batch: batch)
        shape.winograd = rule.usesWinograd(shape)
        let toWeights = try Primitive(conednn_backward_weights, of: shape)
        let weightsGradient = Place(buffer: buffer(bytes: toWeights.byteCount(of: conednn_weights)))
        let bias = affine.bias.map { [(conednn_bias, $0.gradientPlace)] } ?? []
        run(
            toWeights,
            [
                (conednn_source, step.input.place), (conednn_weights, weightsGradient),
                (conednn_destination, gradient),
            ] + bias)
        run(
            try Primitive(reorderingWeightsOf: toWeights, shape, intoKernelOrder: false),
            [(conednn_source, weightsGradient), (conednn_destination, affine.weight.gradientPlace)])
        guard needsInputGradient else { return nil }

        let toData = try Primitive(conednn_backward_data, of: shape)
        let weights = Place(buffer: buffer(bytes: toData.byteCount(of: conednn_weights)))
        run(
            try Primitive(reorderingWeightsOf: toData, shape, intoKernelOrder: true),
            [(conednn_source, affine.weight.place), (conednn_destination, weights)])
        let result = values(step.input.count)
        run(
            toData,
            [(conednn_source, result), (conednn_weights, weights), (conednn_destination, gradient)])
        return result
    }
}

extension Planner.Step {
    var hasParameters: Bool {
        switch kind {
        case .stage(let stage): stage.operation.hasParameters
        case .norm: true
        case .residual(let residual): residual.body.hasParameters || residual.shortcut.hasParameters
        case .relayout: false
        }
    }
}
