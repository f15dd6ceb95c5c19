internal import CKernels
internal import Randomness

/// matrix (rows, columns) += bias, then max(0, x) when rectified.
struct AddBias: Instruction {
    let rows: Int
    let columns: Int
    let bias: Place
    let rectified: Bool
    let matrix: Place
    let threads: Int

    var buffers: [Buffer] { [bias.buffer, matrix.buffer] }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        kernel_add_bias(
            Int64(rows), Int64(columns), memory.floats(bias), rectified, memory.floats(matrix), Int32(threads))
    }
}

/// result (columns) = the sum of the rows of a matrix.
struct SumRows: Instruction {
    let rows: Int
    let columns: Int
    let matrix: Place
    let result: Place
    let threads: Int

    var buffers: [Buffer] { [matrix.buffer, result.buffer] }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        kernel_sum_rows(Int64(rows), Int64(columns), memory.floats(matrix), memory.floats(result), Int32(threads))
    }
}

extension Operation.Activation {
    var kernel: kernel_activation {
        switch self {
        case .relu: kernel_relu
        case .sigmoid: kernel_sigmoid
        case .tanh: kernel_tanh
        }
    }
}

/// output = activation(input), number by number.
struct Activate: Instruction {
    let activation: Operation.Activation
    let count: Int
    let input: Place
    let output: Place
    let threads: Int

    var buffers: [Buffer] { [input.buffer, output.buffer] }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        kernel_activate(
            activation.kernel, Int64(count), memory.floats(input), memory.floats(output), Int32(threads))
    }
}

/// gradient *= the derivative of the activation, in place.
struct ActivateBackward: Instruction {
    let activation: Operation.Activation
    let count: Int
    let output: Place
    let gradient: Place
    let threads: Int

    var buffers: [Buffer] { [output.buffer, gradient.buffer] }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        kernel_activate_backward(
            activation.kernel, Int64(count), memory.floats(output), memory.floats(gradient), Int32(threads))
    }
}

/// Draws which numbers stay (one draw a number), then output = input / (1 - probability) where they do.
struct DropOut: Instruction {
    let probability: Double
    let count: Int
    let input: Place
    let mask: Buffer
    let output: Place
    let threads: Int

    var buffers: [Buffer] { [input.buffer, mask, output.buffer] }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        let stays = memory.bytes(mask)
        for index in 0..<count {
            stays[index] = state.dropout.bernoulli(probability) ? 0 : 1
        }
        kernel_mask(
            Int64(count), memory.floats(input), stays, Float(1 / (1 - probability)), memory.floats(output),
            Int32(threads))
    }
}

/// gradient /= 1 - probability where the number stayed, 0 elsewhere, in place.
struct DropOutBackward: Instruction {
    let probability: Double
    let count: Int
    let mask: Buffer
    let gradient: Place
    let threads: Int

    var buffers: [Buffer] { [mask, gradient.buffer] }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        let numbers = memory.floats(gradient)
        kernel_mask(
            Int64(count), numbers, memory.bytes(mask), Float(1 / (1 - probability)), numbers, Int32(threads))
    }
}
