internal import COneDNN
internal import Models
internal import Vectors

extension Convolution: ComputedLayer {
    func operation(_ layer: PlacedLayer, mode: Mode) -> (any Operation)? {
        ConvolutionOperation(layer: layer, window: window)
    }
}

/// A convolution, then max(0, y) when rectified: by oneDNN, or by Winograd's algorithm where that is faster.
struct ConvolutionOperation: Operation {
    let layer: PlacedLayer
    let window: KernelWindow
    var isRectified = false

    func rectifyingOutput() -> (any Operation)? {
        ConvolutionOperation(layer: layer, window: window, isRectified: true)
    }

    func forward(_ given: Value, in planner: inout Planner) throws(OneDNNError) -> Value {
        if planner.rule.usesWinograd(self, batch: planner.batch) {
            let step = try WinogradConvolution(self, given, in: &planner)
            planner.tape.append(step)
            return step.output
        }
        let input = try planner.value(given, in: planner.rule.layout(channels: layer.inputShape[0]))
        let output = planner.output(
            of: layer, behind: input, in: planner.rule.layout(channels: layer.outputShape[0]))
        let factor = try planner.factor(input.slice, count: planner.batch * input.count)
        let step = Step(operation: self, input: input, factor: factor, output: output)
        let shape = step.shape(in: planner)
        let primitive = try Primitive(conednn_forward, of: shape)
        let weights = planner.bytes(primitive.byteCount(of: conednn_weights))
        planner.run(
            try Primitive(reorderingWeightsOf: primitive, shape, intoKernelOrder: true),
            [(conednn_source, weight.slice(from: output.firstChannel)), (conednn_destination, weights)])
        let bias = bias.map { [(conednn_bias, $0.slice(from: output.firstChannel))] } ?? []
        planner.run(
            primitive,
            [(conednn_source, factor), (conednn_weights, weights), (conednn_destination, output.slice)] + bias)
        planner.tape.append(step)
        return output
    }

    struct Step: TapeStep {
        let operation: ConvolutionOperation
        let input: Value
        /// The input as it is multiplied.
        let factor: BufferSlice
        let output: Value

        var hasParameters: Bool { true }

        func backward(
            _ gradient: BranchGradient, needsInputGradient: Bool, in planner: inout Planner
        ) throws(OneDNNError) -> BranchGradient {
            let own = operation.isRectified ? planner.owned(gradient, output) : planner.single(gradient, output)
            if operation.isRectified {
                planner.activateBackward(.relu, output, own)
            }
            let shape = shape(in: planner)
            let ownFactor = try planner.factor(own, count: planner.batch * output.count)
            try weightsBackward(shape, ownFactor, in: &planner)
            return needsInputGradient ? BranchGradient(try dataBackward(shape, ownFactor, in: &planner)) : gradient
        }

        /// Appends what finds the gradients of weights and bias.
        private func weightsBackward(
            _ shape: conednn_convolution, _ gradient: BufferSlice, in planner: inout Planner
        ) throws(OneDNNError) {
            let primitive = try Primitive(conednn_backward_weights, of: shape)
            let weightsGradient = planner.bytes(primitive.byteCount(of: conednn_weights))
            let bias = operation.bias.map { [(conednn_bias, $0.gradientSlice(from: output.firstChannel))] } ?? []
            planner.run(
                primitive,
                [
                    (conednn_source, factor), (conednn_weights, weightsGradient), (conednn_destination, gradient),
                ] + bias)
            planner.run(
                try Primitive(reorderingWeightsOf: primitive, shape, intoKernelOrder: false),
                [
                    (conednn_source, weightsGradient),
                    (conednn_destination, operation.weight.gradientSlice(from: output.firstChannel)),
                ])
        }

        /// Appends what finds the gradient of the input.
        private func dataBackward(
            _ shape: conednn_convolution, _ gradient: BufferSlice, in planner: inout Planner
        ) throws(OneDNNError) -> BufferSlice {
            let primitive = try Primitive(conednn_backward_data, of: shape)
            let weights = planner.bytes(primitive.byteCount(of: conednn_weights))
            planner.run(
                try Primitive(reorderingWeightsOf: primitive, shape, intoKernelOrder: true),
                [
                    (conednn_source, operation.weight.slice(from: output.firstChannel)),
                    (conednn_destination, weights),
                ])
            let result = planner.values(input.count)
            planner.run(
                primitive,
                [(conednn_source, result), (conednn_weights, weights), (conednn_destination, gradient)])
            return result
        }

        /// The convolution as oneDNN sees it.
        fileprivate func shape(in planner: Planner) -> conednn_convolution {
            let (before, after, window) = (input.shape, output.shape, operation.window)
            return conednn_convolution(
                batch: Int64(planner.batch), input_channels: Int64(before[0]), input_height: Int64(before[1]),
                input_width: Int64(before[2]), output_channels: Int64(after[0]), output_height: Int64(after[1]),
                output_width: Int64(after[2]), kernel: Int64(window.kernel), stride: Int64(window.stride),
                padding: Int64(window.padding), input_layout: input.layout.onednn, output_layout: output.layout.onednn,
                has_bias: operation.bias != nil, rectified: operation.isRectified,
                bfloat16: planner.precision == .bf16)
        }
    }
}
