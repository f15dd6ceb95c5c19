internal import CKernels
internal import Models
internal import Vectors

/// A norm on its images: its coefficients are found, and it may be applied by itself or together with a sum.
struct MeasuredNorm {
    let operation: NormOperation
    let shape: kernel_norm
    /// Before the norm.
    let input: Value
    let coefficients: BufferSlice

    var term: Term { Term(values: input.slice, coefficients: coefficients) }

    /// Appends what finds the coefficients on a batch, and a batch-norm's statistics.
    func measure(in planner: inout Planner) {
        if operation.extent == .batch, let share = planner.rowShare { return measure(over: share, in: &planner) }
        var shape = shape
        let (scale, shift) = (parameter(0), parameter(1))
        let (input, coefficients, threads) = (input.slice, coefficients, Int32(planner.threads))
        let statistics = operation.layer.statistics.map { $0.statisticsSlice(from: self.input.firstChannel) }
        let scratch = planner.floats(Int(kernel_norm_scratch(&shape)))
        planner.append([input, coefficients, scratch]) { [shape] memory, _ in
            withUnsafePointer(to: shape) {
                kernel_norm_measure(
                    $0, memory.floats(input), memory.floats(scale), memory.floats(shift),
                    memory.floats(coefficients), memory.floats(statistics.first), memory.floats(statistics.last),
                    memory.floats(scratch), threads)
            }
        }
    }

    /// Appends what finds the coefficients of a batch-norm by given statistics.
    func takeGivenStatistics(in planner: inout Planner) {
        let (scale, shift, mean, variance) = (parameter(0), parameter(1), statistic(0), statistic(1))
        let (shape, coefficients) = (shape, coefficients)
        planner.append([coefficients]) { memory, _ in
            withUnsafePointer(to: shape) {
                kernel_norm_given(
                    $0, memory.floats(scale), memory.floats(shift), memory.floats(mean),
                    memory.floats(variance), memory.floats(coefficients))
            }
        }
    }

    /// Appends what finds the gradients of the norm's scale and shift, and gives the slopes for that of its input.
    /// Writes the gradient as one block to `sum` on the way, if there is one.
    func measureBackward(
        _ gradient: BranchGradient, reluMask: BufferSlice?, sum: BufferSlice?, in planner: inout Planner
    ) -> BufferSlice {
        if operation.extent == .batch, let share = planner.rowShare {
            return measureBackward(gradient, reluMask: reluMask, sum: sum, over: share, in: &planner)
        }
        var shape = shape
        let slopes = planner.floats(Int(kernel_norm_coefficients(&shape)))
        let scratch = planner.floats(Int(kernel_norm_scratch(&shape)))
        let (scale, scaleGradient, shiftGradient) = (parameter(0), gradientOfParameter(0), gradientOfParameter(1))
        let (input, coefficients, threads) = (input.slice, coefficients, Int32(planner.threads))
        planner.append(
            [gradient.first, gradient.second, reluMask, input, coefficients, slopes, sum, scratch]
        ) { [shape] memory, _ in
            withUnsafePointer(to: shape) {
                kernel_norm_measure_backward(
                    $0, gradient.kernel(memory, reluMask: reluMask), memory.floats(input), memory.floats(scale),
                    memory.floats(coefficients), memory.floats(scaleGradient),
                    memory.floats(shiftGradient), memory.floats(slopes), memory.floats(sum),
                    memory.floats(scratch), threads)
            }
        }
        return slopes
    }

    /// Appends what finds the gradient of the norm's input.
    func backward(
        _ gradient: BranchGradient, reluMask: BufferSlice?, slopes: BufferSlice, into result: BufferSlice,
        in planner: inout Planner
    ) {
        let (shape, input, threads) = (shape, input.slice, Int32(planner.threads))
        planner.append([gradient.first, gradient.second, reluMask, input, slopes, result]) { memory, _ in
            withUnsafePointer(to: shape) {
                kernel_norm_backward(
                    $0, gradient.kernel(memory, reluMask: reluMask), memory.floats(input), memory.floats(slopes),
                    memory.floats(result), threads)
            }
        }
    }

    /// Of the channels that are here: the scale, then the shift.
    func parameter(_ index: Int) -> BufferSlice {
        operation.layer.parameters[index].slice(from: input.firstChannel)
    }

    func gradientOfParameter(_ index: Int) -> BufferSlice {
        operation.layer.parameters[index].gradientSlice(from: input.firstChannel)
    }

    /// Of a batch-norm: the mean, then the variance.
    func statistic(_ index: Int) -> BufferSlice {
        operation.layer.statistics[index].statisticsSlice(from: input.firstChannel)
    }
}
