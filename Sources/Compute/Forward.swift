internal import CKernels
internal import COneDNN
internal import Models
internal import Vectors

extension VectorLayout.Entry {
    /// Where the tensor lies among the parameters.
    var place: Place { Place(buffer: .parameters, offset: offset) }
    /// Where its gradient lies in the gradient block.
    var gradientPlace: Place { Place(buffer: .gradient, offset: offset) }
}

extension Planner {
    /// Appends what computes the stage's output from its input.
    mutating func forward(_ stage: Stage, _ input: Value) throws(OneDNNError) -> Value {
        switch stage.operation {
        case .convolution(let affine, let window):
            return try convolution(stage, affine, window, input)
        case .dense(let affine):
            return dense(stage, affine, input)
        case .activation(let activation):
            let output = Value(shape: input.shape, layout: input.layout, place: inPlace(input))
            instructions.append(
                Activate(
                    activation: activation, count: batch * input.count, input: input.place, output: output.place,
                    threads: threads))
            tape.append(Step(kind: .stage(stage), input: input, output: output))
            return output
        case .maxPool(let window, let rectified):
            return maxPool(stage, window, rectified: rectified, input)
        case .averagePool(let window):
            let output = Value(
                shape: stage.outputShape, layout: input.layout, place: values(stage.outputShape.reduce(1, *)))
            let shape = kernel_pooling(stage, window, layout: input.layout, batch: batch)
            instructions.append(
                AveragePool(shape: shape, input: input.place, output: output.place, threads: threads))
            tape.append(Step(kind: .stage(stage), input: input, output: output))
            return output
        case .globalAveragePool:
            let output = Value(shape: stage.outputShape, layout: .plain, place: values(stage.outputShape[0]))
            instructions.append(
                GlobalAverage(
                    images: input.kernel(batch: batch), input: input.place, means: output.place, threads: threads))
            tape.append(Step(kind: .stage(stage), input: input, output: output))
            return output
        case .norm(let norm, let rectified):
            return normalize(norm, rectified: rectified, input)
        case .residual(let body, let shortcut, let rectified):
            return try residual(body: body, shortcut: shortcut, rectified: rectified, input)
        case .flatten:
            let plain = try value(input, in: .plain)
            return Value(
                shape: stage.outputShape, layout: .plain, place: plain.place, isShared: plain.isShared)
        case .dropout(let probability):
            return dropout(stage, probability, input)
        }
    }

    private mutating func dense(_ stage: Stage, _ affine: Operation.Affine, _ input: Value) -> Value {
        let outputs = stage.outputShape[0]
        let output = Value(shape: stage.outputShape, layout: .plain, place: values(outputs))
        instructions.append(
            MatrixProduct(
                rows: batch, columns: outputs, inner: stage.inputShape[0], left: input.place,
                right: affine.weight.place, transposesRight: true, result: output.place))
        if let bias = affine.bias {
            instructions.append(
                AddBias(
                    rows: batch, columns: outputs, bias: bias.place, rectified: affine.rectified,
                    matrix: output.place, threads: threads))
        } else if affine.rectified {
            instructions.append(
                Activate(
                    activation: .relu, count: batch * outputs, input: output.place, output: output.place,
                    threads: threads))
        }
        tape.append(Step(kind: .stage(stage), input: input, output: output))
        return output
    }

    private mutating func convolution(
        _ stage: Stage, _ affine: Operation.Affine, _ window: Window, _ given: Value
    ) throws(OneDNNError) -> Value {
        let input = try value(given, in: rule.layout(channels: stage.inputShape[0]))
        let layout = rule.layout(channels: stage.outputShape[0])
        let output = Value(
            shape: stage.outputShape, layout: layout, place: values(stage.outputShape.reduce(1, *)))
        var shape = conednn_convolution(stage, affine, window, input.layout, layout, batch: batch)
        shape.winograd = rule.usesWinograd(shape)
        let primitive = try Primitive(conednn_forward, of: shape)
        let weights = Place(buffer: buffer(bytes: primitive.byteCount(of: conednn_weights)))
        run(
            try Primitive(reorderingWeightsOf: primitive, shape, intoKernelOrder: true),
            [(conednn_source, affine.weight.place), (conednn_destination, weights)])
        let bias = affine.bias.map { [(conednn_bias, $0.place)] } ?? []
        run(
            primitive,
            [(conednn_source, input.place), (conednn_weights, weights), (conednn_destination, output.place)] + bias)
        tape.append(Step(kind: .stage(stage), input: input, output: output))
        return output
    }

    private mutating func maxPool(_ stage: Stage, _ window: Window, rectified: Bool, _ input: Value) -> Value {
        let count = stage.outputShape.reduce(1, *)
        let output = Value(shape: stage.outputShape, layout: input.layout, place: values(count))
        let chosen = buffer(bytes: batch * count)
        instructions.append(
            MaxPool(
                shape: kernel_pooling(stage, window, rectified: rectified, layout: input.layout, batch: batch),
                input: input.place, output: output.place, chosen: chosen, threads: threads))
        tape.append(Step(kind: .stage(stage), input: input, output: output, extra: chosen))
        return output
    }

    private mutating func dropout(_ stage: Stage, _ probability: Double, _ input: Value) -> Value {
        let output = Value(shape: input.shape, layout: input.layout, place: inPlace(input))
        let mask = buffer(bytes: batch * input.count)
        instructions.append(
            DropOut(
                probability: probability, count: batch * input.count, input: input.place, mask: mask,
                output: output.place, threads: threads))
        tape.append(Step(kind: .stage(stage), input: input, output: output, extra: mask))
        return output
    }
}

extension conednn_convolution {
    init(
        _ stage: Stage, _ affine: Operation.Affine, _ window: Window, _ inputLayout: ImageLayout,
        _ outputLayout: ImageLayout, batch: Int
    ) {
        self.init(
            batch: Int64(batch), input_channels: Int64(stage.inputShape[0]), input_height: Int64(stage.inputShape[1]),
            input_width: Int64(stage.inputShape[2]), output_channels: Int64(stage.outputShape[0]),
            output_height: Int64(stage.outputShape[1]), output_width: Int64(stage.outputShape[2]),
            kernel: Int64(window.kernel), stride: Int64(window.stride), padding: Int64(window.padding),
            input_layout: inputLayout.onednn, output_layout: outputLayout.onednn, has_bias: affine.bias != nil,
            rectified: affine.rectified, winograd: false)
    }
}
