internal import CKernels

/// A branch's images on the way into a sum: as they are, or by the coefficients of a norm.
struct Term {
    let values: Place
    let coefficients: Place?

    var buffers: [Buffer] { [values.buffer] + (coefficients.map { [$0.buffer] } ?? []) }

    func kernel(_ memory: borrowing Memory) -> kernel_term {
        kernel_term(values: memory.floats(values), coefficients: coefficients.map { UnsafePointer(memory.floats($0)) })
    }
}

extension Flow {
    func kernel(_ memory: borrowing Memory, passed: Buffer?) -> kernel_flow {
        kernel_flow(
            first: memory.floats(first), second: second.map { UnsafePointer(memory.floats($0)) },
            passed: passed.map { UnsafePointer(memory.flags($0)) })
    }
}

/// Finds the coefficients of a norm on a batch, and a batch-norm's statistics.
struct MeasureNorm: Instruction {
    let shape: kernel_norm
    let norm: Operation.Norm
    let input: Place
    let coefficients: Place
    let scratch: Place
    let threads: Int

    var buffers: [Buffer] { [input.buffer, coefficients.buffer, scratch.buffer, .statistics] }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        var mean: UnsafeMutablePointer<Float>?
        var variance: UnsafeMutablePointer<Float>?
        if case .batch(let first, let second) = norm.extent {
            mean = memory.floats(first.statisticsPlace)
            variance = memory.floats(second.statisticsPlace)
        }
        withUnsafePointer(to: shape) {
            kernel_norm_measure(
                $0, memory.floats(input), memory.floats(norm.scale.place), memory.floats(norm.shift.place),
                memory.floats(coefficients), mean, variance, memory.floats(scratch), Int32(threads))
        }
    }
}

/// Finds the coefficients of a batch-norm by given statistics.
struct GivenNorm: Instruction {
    let shape: kernel_norm
    let norm: Operation.Norm
    let mean: Place
    let variance: Place
    let coefficients: Place

    var buffers: [Buffer] { [mean.buffer, variance.buffer, coefficients.buffer] }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        withUnsafePointer(to: shape) {
            kernel_norm_given(
                $0, memory.floats(norm.scale.place), memory.floats(norm.shift.place), memory.floats(mean),
                memory.floats(variance), memory.floats(coefficients))
        }
    }
}

/// output = first + second, then max(0, x) when rectified: a norm, the end of a residual block, or both in one pass.
struct ApplyNorm: Instruction {
    let shape: kernel_norm
    let first: Term
    let second: Term?
    let isRectified: Bool
    let output: Place
    let passed: Buffer?
    let threads: Int

    var buffers: [Buffer] {
        first.buffers + (second?.buffers ?? []) + [output.buffer] + (passed.map { [$0] } ?? [])
    }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        withUnsafePointer(to: shape) {
            kernel_norm_apply(
                $0, first.kernel(memory), second?.kernel(memory) ?? kernel_term(values: nil, coefficients: nil),
                isRectified, memory.floats(output), passed.map { memory.flags($0) }, Int32(threads))
        }
    }
}

/// result = the gradient as one block, 0 where the ReLU has stopped it.
struct SumFlow: Instruction {
    let images: kernel_images
    let flow: Flow
    let passed: Buffer?
    let result: Place
    let threads: Int

    var buffers: [Buffer] { flow.buffers + (passed.map { [$0] } ?? []) + [result.buffer] }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        withUnsafePointer(to: images) {
            kernel_flow_sum($0, flow.kernel(memory, passed: passed), memory.floats(result), Int32(threads))
        }
    }
}

/// Finds the gradients of a norm's scale and shift, and what the gradient of its input takes.
struct MeasureNormBackward: Instruction {
    let shape: kernel_norm
    let norm: Operation.Norm
    let flow: Flow
    let passed: Buffer?
    let input: Place
    let coefficients: Place
    let slopes: Place
    /// Where the gradient goes as one block; none where it is one already.
    let sum: Place?
    let scratch: Place
    let threads: Int

    var buffers: [Buffer] {
        flow.buffers + [input, coefficients, slopes, scratch].map(\.buffer) + (passed.map { [$0] } ?? [])
            + (sum.map { [$0.buffer] } ?? [])
    }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        withUnsafePointer(to: shape) {
            kernel_norm_measure_backward(
                $0, flow.kernel(memory, passed: passed), memory.floats(input), memory.floats(norm.scale.place),
                memory.floats(coefficients), memory.floats(norm.scale.gradientPlace),
                memory.floats(norm.shift.gradientPlace), memory.floats(slopes), sum.map { memory.floats($0) },
                memory.floats(scratch), Int32(threads))
        }
    }
}

/// Finds the gradient of a norm's input.
struct NormBackward: Instruction {
    let shape: kernel_norm
    let flow: Flow
    let passed: Buffer?
    let input: Place
    let slopes: Place
    let inputGradient: Place
    let threads: Int

    var buffers: [Buffer] {
        flow.buffers + [input.buffer, slopes.buffer, inputGradient.buffer] + (passed.map { [$0] } ?? [])
    }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        withUnsafePointer(to: shape) {
            kernel_norm_backward(
                $0, flow.kernel(memory, passed: passed), memory.floats(input), memory.floats(slopes),
                memory.floats(inputGradient), Int32(threads))
        }
    }
}

struct GlobalAverage: Instruction {
    let images: kernel_images
    let input: Place
    let means: Place
    let threads: Int

    var buffers: [Buffer] { [input.buffer, means.buffer] }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        withUnsafePointer(to: images) {
            kernel_global_average($0, memory.floats(input), memory.floats(means), Int32(threads))
        }
    }
}

struct GlobalAverageBackward: Instruction {
    let images: kernel_images
    let meansGradient: Place
    let inputGradient: Place
    let threads: Int

    var buffers: [Buffer] { [meansGradient.buffer, inputGradient.buffer] }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        withUnsafePointer(to: images) {
            kernel_global_average_backward(
                $0, memory.floats(meansGradient), memory.floats(inputGradient), Int32(threads))
        }
    }
}
