internal import CKernels
internal import Models

/// Batch-norms whose batch is spread over the peers of a stage: the statistics are those of all its samples.
extension MeasuredNorm {
    /// Appends what finds the coefficients and statistics.
    func measure(over share: Share, in planner: inout Planner) {
        var shape = shape
        let count = 2 * input.shape[0]
        let (input, coefficients, threads) = (input.slice, coefficients, Int32(planner.threads))
        let (moments, scratch) = (planner.floats(count), planner.floats(Int(kernel_norm_scratch(&shape))))
        planner.append([input, moments, scratch]) { [shape] memory, _ in
            withUnsafePointer(to: shape) {
                kernel_norm_moments(
                    $0, memory.floats(input), memory.floats(moments), memory.floats(scratch), threads)
            }
        }
        let parts = planner.gather(
            moments, counts: [Int](repeating: count, count: share.slots), slot: share.slot)
        let images = Split.parts(of: planner.samples, slots: share.slots).map { Int64($0.count) }
        let (scale, shift, mean, variance) = (parameter(0), parameter(1), statistic(0), statistic(1))
        planner.append([parts, coefficients]) { [shape] memory, _ in
            withUnsafePointer(to: shape) {
                kernel_norm_join(
                    $0, Int64(images.count), images, memory.floats(parts), memory.floats(scale),
                    memory.floats(shift), memory.floats(coefficients), memory.floats(mean), memory.floats(variance))
            }
        }
    }

    /// As `measureBackward`; the gradients of scale and shift are those of the samples here.
    func measureBackward(
        _ gradient: BranchGradient, reluMask: BufferSlice?, sum: BufferSlice?, over share: Share,
        in planner: inout Planner
    ) -> BufferSlice {
        var shape = shape
        let count = 2 * input.shape[0]
        let (input, coefficients, threads) = (input.slice, coefficients, Int32(planner.threads))
        let (sums, scratch) = (planner.floats(count), planner.floats(Int(kernel_norm_scratch(&shape))))
        let (scaleGradient, shiftGradient) = (gradientOfParameter(0), gradientOfParameter(1))
        planner.append(
            [gradient.first, gradient.second, reluMask, input, coefficients, sums, sum, scratch]
        ) { [shape] memory, _ in
            withUnsafePointer(to: shape) {
                kernel_norm_sum_backward(
                    $0, gradient.kernel(memory, reluMask: reluMask), memory.floats(input),
                    memory.floats(coefficients), memory.floats(scaleGradient), memory.floats(shiftGradient),
                    memory.floats(sums), memory.floats(sum), memory.floats(scratch), threads)
            }
        }
        let all = planner.gather(
            sums, counts: [Int](repeating: count, count: share.slots), slot: share.slot, isSummed: true)
        let slopes = planner.floats(Int(kernel_norm_coefficients(&shape)))
        let (scale, images) = (parameter(0), Int64(planner.samples))
        planner.append([all, coefficients, slopes]) { [shape] memory, _ in
            withUnsafePointer(to: shape) {
                kernel_norm_slopes(
                    $0, images, memory.floats(all), memory.floats(scale), memory.floats(coefficients),
                    memory.floats(slopes))
            }
        }
        return slopes
    }
}
