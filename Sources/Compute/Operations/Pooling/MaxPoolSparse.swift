internal import CKernels
internal import Models
internal import Vectors

/// The backward pass of a convolution and the max-pooling behind it in one, where only the pixels that were the largest
/// of their windows count.
///
/// Worth it where the vectors have 16 lanes and enough registers (AVX-512): there cnn's second convolution takes 2.4 ms
/// this way and 7.9 ms in oneDNN's dense passes, which also need the pooling's scattered gradient.
struct MaxPoolSparse {
    private let convolution: ConvolutionOperation.Step
    private let pooling: MaxPoolOperation.Step
    private let shape: kernel_max_pool_sparse

    /// Nil when the kernels do not serve this pair of steps.
    init?(convolution: ConvolutionOperation.Step, pooling: MaxPoolOperation.Step, in planner: Planner) {
        let window = convolution.operation.window
        guard planner.rule.usesBlocks, !convolution.operation.isRectified, pooling.operation.isRectified,
            window.kernel == 3, window.stride == 1, pooling.operation.window == KernelWindow(kernel: 2, stride: 2),
            convolution.input.layout == .blocked, convolution.output.layout == .blocked
        else { return nil }
        let (before, after) = (convolution.input.shape, pooling.output.shape)
        self.convolution = convolution
        self.pooling = pooling
        shape = kernel_max_pool_sparse(
            batch: Int64(planner.batch), input_channels: Int64(before[0]),
            output_channels: Int64(convolution.output.shape[0]), input_height: Int64(before[1]),
            input_width: Int64(before[2]), padding: Int64(window.padding), pooled_height: Int64(after[1]),
            pooled_width: Int64(after[2]))
    }

    /// Appends what finds the gradients of weights, bias and input from that behind the pooling.
    func backward(
        _ gradient: BranchGradient, needsInputGradient: Bool, in planner: inout Planner
    ) -> BranchGradient {
        let pooled = planner.single(gradient, pooling.output)
        weightsBackward(pooled, in: &planner)
        return BranchGradient(needsInputGradient ? dataBackward(pooled, in: &planner) : pooled)
    }

    private func weightsBackward(_ pooled: BufferSlice, in planner: inout Planner) {
        var shape = shape
        let (input, output, argmax) = (convolution.input.slice, pooling.output.slice, pooling.argmax)
        let (weight, bias) = (convolution.operation.weight.gradientSlice, convolution.operation.bias?.gradientSlice)
        let threads = Int32(planner.threads)
        let scratch = planner.floats(Int(kernel_max_pool_sparse_weights_scratch(&shape, threads)))
        planner.append([input, pooled, output, argmax, weight, bias, scratch]) { [shape] memory, _ in
            withUnsafePointer(to: shape) {
                kernel_max_pool_sparse_weights(
                    $0, memory.floats(input), memory.floats(pooled), memory.floats(output), memory.bytes(argmax),
                    memory.floats(weight), memory.floats(bias), memory.floats(scratch), threads)
            }
        }
    }

    private func dataBackward(_ pooled: BufferSlice, in planner: inout Planner) -> BufferSlice {
        var shape = shape
        let (weight, output, argmax) = (convolution.operation.weight.slice, pooling.output.slice, pooling.argmax)
        let threads = Int32(planner.threads)
        let result = planner.values(convolution.input.count)
        let scratch = planner.floats(Int(kernel_max_pool_sparse_data_scratch(&shape, threads)))
        planner.append([weight, pooled, output, argmax, result, scratch]) { [shape] memory, _ in
            withUnsafePointer(to: shape) {
                kernel_max_pool_sparse_data(
                    $0, memory.floats(weight), memory.floats(pooled), memory.floats(output), memory.bytes(argmax),
                    memory.floats(result), memory.floats(scratch), threads)
            }
        }
        return result
    }
}
