internal import CKernels
internal import Models
internal import Vectors

extension Norm: ComputedLayer {
    func operation(_ layer: PlacedLayer, mode: Mode) -> (any Operation)? {
        NormOperation(layer: layer, extent: extent)
    }
}

/// A norm with its scale and shift, then max(0, y) when rectified.
struct NormOperation: Operation {
    let layer: PlacedLayer
    let extent: Norm.Extent
    var isRectified = false

    func rectifyingOutput() -> (any Operation)? {
        isRectified ? nil : NormOperation(layer: layer, extent: extent, isRectified: true)
    }

    func forward(_ input: Value, in planner: inout Planner) -> Value {
        let measured = measure(input, in: &planner)
        let mask = isRectified ? planner.reluMask(input) : nil
        // The backward pass wants the input as it was.
        let slice = planner.mode.hasBackward ? planner.values(input.count) : planner.inPlace(input)
        let output = input.placed(at: slice)
        planner.apply(
            measured.shape, measured.term, nil, isRectified: isRectified, into: output.slice, reluMask: mask)
        planner.tape.append(Step(norm: measured, output: output, reluMask: mask))
        return output
    }

    /// Appends what finds the coefficients of the norm on these images.
    func measure(_ input: Value, in planner: inout Planner) -> MeasuredNorm {
        var groups = 0
        if case .groups(let count) = extent { groups = count }
        var shape = kernel_norm(
            images: input.kernel(batch: planner.batch), groups: Int64(groups), epsilon: Norm.epsilon)
        let coefficients = planner.floats(Int(kernel_norm_coefficients(&shape)))
        let measured = MeasuredNorm(operation: self, shape: shape, input: input, coefficients: coefficients)
        if extent == .batch, !planner.mode.normalizesByBatch {
            measured.takeGivenStatistics(in: &planner)
        } else {
            measured.measure(in: &planner)
        }
        return measured
    }

    struct Step: TapeStep {
        let norm: MeasuredNorm
        let output: Value
        /// Which numbers the ReLU behind the norm has let pass; none without one.
        let reluMask: BufferSlice?

        var input: Value { norm.input }
        var hasParameters: Bool { true }

        func backward(
            _ gradient: BranchGradient, needsInputGradient: Bool, in planner: inout Planner
        ) -> BranchGradient {
            // Two blocks become one on the way; a single one is left as it is, and its ReLU is passed twice.
            let sum =
                gradient.second == nil ? nil : (gradient.isShared ? planner.values(input.count) : gradient.first)
            let slopes = norm.measureBackward(gradient, reluMask: reluMask, sum: sum, in: &planner)
            guard needsInputGradient else { return gradient }
            let rest = sum.map { BranchGradient($0) } ?? gradient
            let result = rest.isShared ? planner.values(input.count) : rest.first
            norm.backward(rest, reluMask: sum == nil ? reluMask : nil, slopes: slopes, into: result, in: &planner)
            return BranchGradient(result)
        }
    }
}
