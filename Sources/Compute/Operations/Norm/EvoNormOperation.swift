internal import CKernels
internal import Models
internal import Vectors

extension EvoNorm: ComputedLayer {
    func operation(_ layer: PlacedLayer, mode: Mode) -> (any Operation)? {
        EvoNormOperation(layer: layer, groups: groups)
    }
}

/// EvoNorm-S0; without its activation a scale and a shift.
struct EvoNormOperation: Operation {
    let layer: PlacedLayer
    let groups: Int

    private var scale: VectorLayout.Entry { layer.parameters[0] }
    private var shift: VectorLayout.Entry { layer.parameters[1] }
    /// v of the activation.
    private var curve: VectorLayout.Entry? { layer.parameters.dropFirst(2).first }

    func forward(_ input: Value, in planner: inout Planner) -> Value {
        let shape = kernel_norm(
            images: input.kernel(batch: planner.batch), groups: Int64(groups), epsilon: Norm.epsilon)
        let coefficients = curve == nil ? nil : measure(shape, input, in: &planner)
        // The backward pass wants the input as it was.
        let slice = planner.mode.hasBackward ? planner.values(input.count) : planner.inPlace(input)
        let output = input.placed(at: slice)
        let (scale, shift, curve, threads) = (scale.slice(), shift.slice(), curve?.slice(), Int32(planner.threads))
        planner.append([input.slice, coefficients, output.slice]) { memory, _ in
            withUnsafePointer(to: shape) {
                kernel_evonorm(
                    $0, memory.floats(input.slice), memory.floats(scale), memory.floats(shift),
                    memory.floats(curve), memory.floats(coefficients), memory.floats(output.slice), threads)
            }
        }
        planner.tape.append(
            Step(operation: self, shape: shape, input: input, output: output, coefficients: coefficients))
        return output
    }

    /// Appends what finds mean and deviation of each group of channels.
    private func measure(_ shape: kernel_norm, _ input: Value, in planner: inout Planner) -> BufferSlice {
        var shape = shape
        let coefficients = planner.floats(Int(kernel_norm_coefficients(&shape)))
        let scratch = planner.floats(Int(kernel_norm_scratch(&shape)))
        let (scale, shift, threads) = (scale.slice(), shift.slice(), Int32(planner.threads))
        planner.append([input.slice, coefficients, scratch]) { [shape] memory, _ in
            withUnsafePointer(to: shape) {
                kernel_norm_measure(
                    $0, memory.floats(input.slice), memory.floats(scale), memory.floats(shift),
                    memory.floats(coefficients), nil, nil, memory.floats(scratch), threads)
            }
        }
        return coefficients
    }

    struct Step: TapeStep {
        let operation: EvoNormOperation
        let shape: kernel_norm
        let input: Value
        let output: Value
        /// Of the norm; none without activation.
        let coefficients: BufferSlice?

        var hasParameters: Bool { true }

        func backward(
            _ gradient: BranchGradient, needsInputGradient: Bool, in planner: inout Planner
        ) -> BranchGradient {
            var shape = shape
            let own = planner.single(gradient, output)
            let result = needsInputGradient ? planner.values(input.count) : nil
            let scratch = planner.floats(Int(kernel_evonorm_scratch(&shape)))
            let (scale, shift, curve) = (operation.scale, operation.shift, operation.curve)
            let (input, coefficients, threads) = (input.slice, coefficients, Int32(planner.threads))
            planner.append([input, own, coefficients, result, scratch]) { [shape] memory, _ in
                withUnsafePointer(to: shape) {
                    kernel_evonorm_backward(
                        $0, memory.floats(input), memory.floats(own), memory.floats(scale.slice()),
                        memory.floats(curve?.slice()), memory.floats(coefficients),
                        memory.floats(scale.gradientSlice()), memory.floats(shift.gradientSlice()),
                        memory.floats(curve?.gradientSlice()), memory.floats(result), memory.floats(scratch), threads)
                }
            }
            return result.map { BranchGradient($0) } ?? gradient
        }
    }
}
