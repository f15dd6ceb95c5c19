internal import CKernels
internal import Models

/// The rule for taking a convolution and the max-pooling behind it back in one step, where only the chosen pixels
/// count.
///
/// Worth it where the vectors have 16 lanes and enough registers (AVX-512): there cnn's second convolution takes 2.4 ms
/// this way and 7.9 ms in oneDNN's dense passes, which also need the pooling's scattered gradient.
struct RoutedRule {
    /// The shape for the kernels; nil when they do not serve this pair of stages.
    static func shape(
        convolution: Planner.Step, pooling: Planner.Step, rule: LayoutRule, batch: Int
    ) -> kernel_routed? {
        guard rule.usesBlocks, case .stage(let first) = convolution.kind, case .stage(let second) = pooling.kind,
            case .convolution(let affine, let window) = first.operation, !affine.rectified,
            case .maxPool(let pool, rectified: true) = second.operation,
            window.kernel == 3, window.stride == 1, pool == Window(kernel: 2, stride: 2),
            convolution.input.layout == .blocked, convolution.output.layout == .blocked
        else { return nil }
        return kernel_routed(
            batch: Int64(batch), input_channels: Int64(first.inputShape[0]),
            output_channels: Int64(first.outputShape[0]), input_height: Int64(first.inputShape[1]),
            input_width: Int64(first.inputShape[2]), padding: Int64(window.padding),
            pooled_height: Int64(second.outputShape[1]), pooled_width: Int64(second.outputShape[2]))
    }
}

/// What is known behind a max-pooling when its backward pass begins.
struct PooledGradient {
    let gradient: Place
    let output: Place
    let chosen: Buffer

    var buffers: [Buffer] { [gradient.buffer, output.buffer, chosen] }
}

/// The gradient of a convolution's weights and bias from the gradient behind the pooling.
struct RoutedWeightsGradient: Instruction {
    let shape: kernel_routed
    let input: Place
    let pooled: PooledGradient
    let weights: Place
    let bias: Place?
    let scratch: Place
    let threads: Int

    var buffers: [Buffer] {
        [input.buffer, weights.buffer, scratch.buffer] + pooled.buffers + (bias.map { [$0.buffer] } ?? [])
    }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        withUnsafePointer(to: shape) {
            kernel_routed_weights(
                $0, memory.floats(input), memory.floats(pooled.gradient), memory.floats(pooled.output),
                memory.bytes(pooled.chosen), memory.floats(weights), bias.map { memory.floats($0) },
                memory.floats(scratch), Int32(threads))
        }
    }
}

/// The gradient of a convolution's input from the gradient behind the pooling.
struct RoutedDataGradient: Instruction {
    let shape: kernel_routed
    let weights: Place
    let pooled: PooledGradient
    let inputGradient: Place
    let scratch: Place
    let threads: Int

    var buffers: [Buffer] { [weights.buffer, inputGradient.buffer, scratch.buffer] + pooled.buffers }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        withUnsafePointer(to: shape) {
            kernel_routed_data(
                $0, memory.floats(weights), memory.floats(pooled.gradient), memory.floats(pooled.output),
                memory.bytes(pooled.chosen), memory.floats(inputGradient), memory.floats(scratch), Int32(threads))
        }
    }
}
