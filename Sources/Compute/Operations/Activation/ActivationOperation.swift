internal import CKernels
internal import Models

extension Activation: ComputedLayer {
    func operation(_ layer: PlacedLayer, mode: Mode) -> (any Operation)? {
        ActivationOperation(layer: layer, activation: self)
    }

    fileprivate var kernel: kernel_activation {
        switch self {
        case .relu: kernel_relu
        case .sigmoid: kernel_sigmoid
        case .tanh: kernel_tanh
        case .logSigmoid: kernel_log_sigmoid
        }
    }
}

/// A function of each number by itself, in place where possible.
struct ActivationOperation: Operation {
    let layer: PlacedLayer
    let activation: Activation

    func forward(_ input: Value, in planner: inout Planner) -> Value {
        var output = input.placed(at: planner.inPlace(input))
        // The gradient follows from the output: what comes behind must not write over it. Where max(0, x) was cut off,
        // there is no gradient whatever is written there.
        output.isShared = planner.mode.hasBackward && activation != .relu
        planner.activate(activation, count: input.count, input.slice, into: output.slice)
        planner.tape.append(Step(activation: activation, input: input, output: output))
        return output
    }

    struct Step: TapeStep {
        let activation: Activation
        let input: Value
        let output: Value

        func backward(
            _ gradient: BranchGradient, needsInputGradient: Bool, in planner: inout Planner
        ) -> BranchGradient {
            let own = planner.owned(gradient, output)
            planner.activateBackward(activation, output, own)
            return BranchGradient(own)
        }
    }
}

extension Planner {
    /// output = activation(input), for samples of `count` numbers.
    mutating func activate(
        _ activation: Activation, count: Int, _ input: BufferSlice, into output: BufferSlice
    ) {
        let (count, threads) = (Int64(batch * count), Int32(threads))
        append([input, output]) { memory, _ in
            kernel_activate(activation.kernel, count, memory.floats(input), memory.floats(output), threads)
        }
    }

    /// gradient *= the derivative of the activation that gave `output`, in place.
    mutating func activateBackward(_ activation: Activation, _ output: Value, _ gradient: BufferSlice) {
        let (count, threads) = (Int64(batch * output.count), Int32(threads))
        append([output.slice, gradient]) { memory, _ in
            kernel_activate_backward(
                activation.kernel, count, memory.floats(output.slice), memory.floats(gradient), threads)
        }
    }
}
