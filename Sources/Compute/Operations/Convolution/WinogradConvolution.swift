internal import CKernels
internal import Models
internal import Vectors

/// A convolution by our own kernels of Winograd's algorithm, in float32 whatever the plan's precision: a quarter of the
/// multiplications, which only a processor with tiles makes up for in bf16.
struct WinogradConvolution: TapeStep {
    let operation: ConvolutionOperation
    let input: Value
    let output: Value
    private let shape: kernel_winograd

    var hasParameters: Bool { true }

    /// Appends the forward pass.
    init(_ operation: ConvolutionOperation, _ given: Value, in planner: inout Planner) throws(OneDNNError) {
        self.operation = operation
        input = try planner.value(given, in: .blocked)
        output = planner.output(of: operation.layer, behind: given, in: .blocked)
        let (before, after) = (input.shape, output.shape)
        shape = kernel_winograd(
            batch: Int64(planner.batch), inputs: Int64(before[0]), outputs: Int64(after[0]), height: Int64(before[1]),
            width: Int64(before[2]), padding: Int64(operation.window.padding))
        let first = output.firstChannel
        let (weight, bias) = (operation.weight.slice(from: first), operation.bias?.slice(from: first))
        let (isRectified, threads) = (operation.isRectified, Int32(planner.threads))
        let (input, output) = (input.slice, output.slice)
        let scratch = scratch(in: &planner)
        planner.append([input, output, scratch]) { [shape] memory, _ in
            withUnsafePointer(to: shape) {
                kernel_winograd_forward(
                    $0, memory.floats(input), memory.floats(weight), memory.floats(bias), isRectified,
                    memory.floats(output), memory.floats(scratch), threads)
            }
        }
    }

    func backward(
        _ gradient: BranchGradient, needsInputGradient: Bool, in planner: inout Planner
    ) throws(OneDNNError) -> BranchGradient {
        let own = operation.isRectified ? planner.owned(gradient, output) : planner.single(gradient, output)
        if operation.isRectified {
            planner.activateBackward(.relu, output, own)
        }
        weightsBackward(own, in: &planner)
        return BranchGradient(needsInputGradient ? dataBackward(own, in: &planner) : own)
    }

    /// Appends what finds the gradients of weights and bias.
    private func weightsBackward(_ gradient: BufferSlice, in planner: inout Planner) {
        var shape = shape
        let (input, threads) = (input.slice, Int32(planner.threads))
        let first = output.firstChannel
        let (weight, bias) = (
            operation.weight.gradientSlice(from: first), operation.bias?.gradientSlice(from: first)
        )
        let scratch = planner.floats(Int(kernel_winograd_weights_scratch(&shape, threads)))
        planner.append([input, gradient, scratch]) { [shape] memory, _ in
            withUnsafePointer(to: shape) {
                kernel_winograd_backward_weights(
                    $0, memory.floats(input), memory.floats(gradient), memory.floats(weight), memory.floats(bias),
                    memory.floats(scratch), threads)
            }
        }
    }

    /// Appends what finds the gradient of the input.
    private func dataBackward(_ gradient: BufferSlice, in planner: inout Planner) -> BufferSlice {
        let (weight, threads) = (operation.weight.slice(from: output.firstChannel), Int32(planner.threads))
        let result = planner.values(input.count)
        let scratch = scratch(in: &planner)
        planner.append([gradient, result, scratch]) { [shape] memory, _ in
            withUnsafePointer(to: shape) {
                kernel_winograd_backward_data(
                    $0, memory.floats(gradient), memory.floats(weight), memory.floats(result),
                    memory.floats(scratch), threads)
            }
        }
        return result
    }

    private func scratch(in planner: inout Planner) -> BufferSlice {
        var shape = shape
        return planner.floats(Int(kernel_winograd_scratch(&shape, Int32(planner.threads))))
    }
}
