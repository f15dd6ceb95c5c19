internal import CKernels
internal import Models

extension kernel_pooling {
    /// The pooling of a stage on images of that layout.
    init(_ stage: Stage, _ window: Window, rectified: Bool = false, layout: ImageLayout, batch: Int) {
        let channels = stage.inputShape[0]
        let lanes = layout.lanes(channels: channels)
        self.init(
            planes: Int64(batch * channels / lanes), lanes: Int64(lanes), input_height: Int64(stage.inputShape[1]),
            input_width: Int64(stage.inputShape[2]), output_height: Int64(stage.outputShape[1]),
            output_width: Int64(stage.outputShape[2]), kernel: Int64(window.kernel), stride: Int64(window.stride),
            padding: Int64(window.padding), rectified: rectified)
    }
}

/// Max-pooling, which remembers which pixel of each window was the largest.
struct MaxPool: Instruction {
    let shape: kernel_pooling
    let input: Place
    let output: Place
    let chosen: Buffer
    let threads: Int

    var buffers: [Buffer] { [input.buffer, output.buffer, chosen] }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        withUnsafePointer(to: shape) {
            kernel_max_pool(
                $0, memory.floats(input), memory.floats(output), memory.bytes(chosen), Int32(threads))
        }
    }
}

/// Sends each gradient back to the pixel that was chosen, past the ReLU if there was one.
struct MaxPoolBackward: Instruction {
    let shape: kernel_pooling
    let outputGradient: Place
    let output: Place
    let chosen: Buffer
    let inputGradient: Place
    let threads: Int

    var buffers: [Buffer] { [outputGradient.buffer, output.buffer, chosen, inputGradient.buffer] }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        withUnsafePointer(to: shape) {
            kernel_max_pool_backward(
                $0, memory.floats(outputGradient), memory.floats(output), memory.bytes(chosen),
                memory.floats(inputGradient), Int32(threads))
        }
    }
}

struct AveragePool: Instruction {
    let shape: kernel_pooling
    let input: Place
    let output: Place
    let threads: Int

    var buffers: [Buffer] { [input.buffer, output.buffer] }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        withUnsafePointer(to: shape) {
            kernel_average_pool($0, memory.floats(input), memory.floats(output), Int32(threads))
        }
    }
}

struct AveragePoolBackward: Instruction {
    let shape: kernel_pooling
    let outputGradient: Place
    let inputGradient: Place
    let threads: Int

    var buffers: [Buffer] { [outputGradient.buffer, inputGradient.buffer] }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        withUnsafePointer(to: shape) {
            kernel_average_pool_backward(
                $0, memory.floats(outputGradient), memory.floats(inputGradient), Int32(threads))
        }
    }
}
