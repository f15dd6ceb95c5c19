internal import CKernels
internal import Models

extension AveragePool: ComputedLayer {
    func operation(_ layer: PlacedLayer, mode: Mode) -> (any Operation)? {
        AveragePoolOperation(layer: layer, window: window)
    }
}

/// The mean of each window, its padding counted as zeros.
struct AveragePoolOperation: Operation {
    let layer: PlacedLayer
    let window: KernelWindow

    func forward(_ input: Value, in planner: inout Planner) -> Value {
        let output = planner.output(of: layer, behind: input, in: input.layout)
        let shape = kernel_pooling(input, output, window, batch: planner.batch)
        let threads = Int32(planner.threads)
        planner.append([input.slice, output.slice]) { memory, _ in
            withUnsafePointer(to: shape) {
                kernel_average_pool($0, memory.floats(input.slice), memory.floats(output.slice), threads)
            }
        }
        planner.tape.append(Step(shape: shape, input: input, output: output))
        return output
    }

    struct Step: TapeStep {
        let shape: kernel_pooling
        let input: Value
        let output: Value

        func backward(
            _ gradient: BranchGradient, needsInputGradient: Bool, in planner: inout Planner
        ) -> BranchGradient {
            let from = planner.single(gradient, output)
            let result = planner.values(input.count)
            let (shape, threads) = (shape, Int32(planner.threads))
            planner.append([from, result]) { memory, _ in
                withUnsafePointer(to: shape) {
                    kernel_average_pool_backward($0, memory.floats(from), memory.floats(result), threads)
                }
            }
            return BranchGradient(result)
        }
    }
}
