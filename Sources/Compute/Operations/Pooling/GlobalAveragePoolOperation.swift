internal import CKernels
internal import Models

extension GlobalAveragePool: ComputedLayer {
    func operation(_ layer: PlacedLayer, mode: Mode) -> (any Operation)? {
        GlobalAveragePoolOperation(layer: layer)
    }
}

/// The mean of each channel's pixels.
struct GlobalAveragePoolOperation: Operation {
    let layer: PlacedLayer

    func forward(_ input: Value, in planner: inout Planner) -> Value {
        let output = planner.output(of: layer, behind: input, in: .plain)
        let (images, threads) = (input.kernel(batch: planner.batch), Int32(planner.threads))
        planner.append([input.slice, output.slice]) { memory, _ in
            withUnsafePointer(to: images) {
                kernel_global_average($0, memory.floats(input.slice), memory.floats(output.slice), threads)
            }
        }
        planner.tape.append(Step(input: input, output: output))
        return output
    }

    struct Step: TapeStep {
        let input: Value
        let output: Value

        func backward(
            _ gradient: BranchGradient, needsInputGradient: Bool, in planner: inout Planner
        ) -> BranchGradient {
            let from = planner.single(gradient, output)
            let result = planner.values(input.count)
            let (images, threads) = (input.kernel(batch: planner.batch), Int32(planner.threads))
            planner.append([from, result]) { memory, _ in
                withUnsafePointer(to: images) {
                    kernel_global_average_backward($0, memory.floats(from), memory.floats(result), threads)
                }
            }
            return BranchGradient(result)
        }
    }
}
