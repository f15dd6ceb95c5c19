internal import CKernels
internal import Models

extension MaxPool: ComputedLayer {
    func operation(_ layer: PlacedLayer, mode: Mode) -> (any Operation)? {
        MaxPoolOperation(layer: layer, window: window)
    }
}

/// Max-pooling, with max(0, x) before it when rectified; remembers which pixel of each window was the largest.
struct MaxPoolOperation: Operation {
    let layer: PlacedLayer
    let window: KernelWindow
    var isRectified = false

    func rectifyingInput() -> (any Operation)? {
        MaxPoolOperation(layer: layer, window: window, isRectified: true)
    }

    func forward(_ input: Value, in planner: inout Planner) -> Value {
        let output = planner.output(of: layer, behind: input, in: input.layout)
        let argmax = planner.bytes(planner.batch * output.count)
        let shape = kernel_pooling(input, output, window, rectified: isRectified, batch: planner.batch)
        let threads = Int32(planner.threads)
        planner.append([input.slice, output.slice, argmax]) { memory, _ in
            withUnsafePointer(to: shape) {
                kernel_max_pool(
                    $0, memory.floats(input.slice), memory.floats(output.slice), memory.bytes(argmax), threads)
            }
        }
        planner.tape.append(Step(operation: self, shape: shape, input: input, output: output, argmax: argmax))
        return output
    }

    struct Step: TapeStep {
        let operation: MaxPoolOperation
        let shape: kernel_pooling
        let input: Value
        let output: Value
        let argmax: BufferSlice

        /// Sends each gradient back to the pixel that was the largest, past the ReLU if there was one.
        func backward(
            _ gradient: BranchGradient, needsInputGradient: Bool, in planner: inout Planner
        ) -> BranchGradient {
            let from = planner.single(gradient, output)
            let result = planner.values(input.count)
            let (shape, output, argmax, threads) = (shape, output.slice, argmax, Int32(planner.threads))
            planner.append([from, output, argmax, result]) { memory, _ in
                withUnsafePointer(to: shape) {
                    kernel_max_pool_backward(
                        $0, memory.floats(from), memory.floats(output), memory.bytes(argmax), memory.floats(result),
                        threads)
                }
            }
            return BranchGradient(result)
        }
    }
}

extension kernel_pooling {
    /// The pooling of images of one layout to those behind it.
    init(_ input: Value, _ output: Value, _ window: KernelWindow, rectified: Bool = false, batch: Int) {
        let (before, after) = (input.shape, output.shape)
        let lanes = input.layout.lanes(channels: before[0])
        self.init(
            planes: Int64(batch * before[0] / lanes), lanes: Int64(lanes), input_height: Int64(before[1]),
            input_width: Int64(before[2]), output_height: Int64(after[1]), output_width: Int64(after[2]),
            kernel: Int64(window.kernel), stride: Int64(window.stride), padding: Int64(window.padding),
            rectified: rectified)
    }
}
