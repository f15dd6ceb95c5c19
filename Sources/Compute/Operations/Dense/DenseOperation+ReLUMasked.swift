internal import CKernels
internal import Models
internal import Vectors

extension DenseOperation.Step {
    /// Appends what finds the gradients of weights and input, without the products with gradients that the layer's ReLU
    /// has stopped: `gradient` is that before the ReLU. Gives the input's gradient, or nil where it is not needed.
    ///
    /// Worth it with AVX-512, where it runs at most of the rate of oneDNN's dense product on about half of the
    /// products.
    func reluMaskedBackward(
        _ gradient: BufferSlice, needsInputGradient: Bool, in planner: inout Planner
    ) -> BranchGradient? {
        var shape = kernel_relu_masked(
            batch: Int64(planner.batch), inputs: Int64(input.count), outputs: Int64(output.count))
        let result = needsInputGradient ? planner.values(input.count) : nil
        let scratch = planner.floats(Int(kernel_relu_masked_scratch(&shape)))
        let (input, weightGradient, threads) = (input.slice, weightGradient, Int32(planner.threads))
        let weight = operation.weight.slice(from: output.firstChannel)
        planner.append([input, gradient, result, scratch]) { [shape] memory, _ in
            withUnsafePointer(to: shape) {
                kernel_relu_masked_backward(
                    $0, memory.floats(input), memory.floats(weight), memory.floats(gradient),
                    memory.floats(weightGradient), memory.floats(result), memory.floats(scratch), threads)
            }
        }
        return result.map { BranchGradient($0) }
    }
}
