internal import CKernels
internal import Models
internal import Vectors

extension Dense: ComputedLayer {
    func operation(_ layer: PlacedLayer, mode: Mode) -> (any Operation)? { DenseOperation(layer: layer) }
}

/// y = x Wᵀ + b, then max(0, y) when rectified.
struct DenseOperation: Operation {
    let layer: PlacedLayer
    var isRectified = false

    func rectifyingOutput() -> (any Operation)? { DenseOperation(layer: layer, isRectified: true) }

    func forward(_ input: Value, in planner: inout Planner) throws(OneDNNError) -> Value {
        let output = planner.output(of: layer, behind: input, in: .plain)
        let (inputs, outputs) = (input.count, output.count)
        let factor = try planner.factor(input.slice, count: planner.batch * inputs)
        let weightFactor = try planner.factor(
            weight.slice(from: output.firstChannel), count: outputs * inputs)
        try planner.multiply(
            rows: planner.batch, columns: outputs, inner: inputs, factor, weightFactor, transposesRight: true,
            into: output.slice)
        if let bias {
            planner.addBias(bias.slice(from: output.firstChannel), isRectified: isRectified, output)
        } else if isRectified {
            planner.activate(.relu, count: outputs, output.slice, into: output.slice)
        }
        planner.tape.append(
            Step(operation: self, input: input, factor: factor, weightFactor: weightFactor, output: output))
        return output
    }

    struct Step: TapeStep {
        let operation: DenseOperation
        let input: Value
        /// Input and weights as they are multiplied.
        let factor: BufferSlice
        let weightFactor: BufferSlice
        let output: Value

        var hasParameters: Bool { true }
        var weightGradient: BufferSlice { operation.weight.gradientSlice(from: output.firstChannel) }

        func backward(
            _ gradient: BranchGradient, needsInputGradient: Bool, in planner: inout Planner
        ) throws(OneDNNError) -> BranchGradient {
            let (inputs, outputs) = (input.count, output.count)
            let own = operation.isRectified ? planner.owned(gradient, output) : planner.single(gradient, output)
            if operation.isRectified {
                planner.activateBackward(.relu, output, own)
            }
            if let bias = operation.bias {
                planner.sumRows(own, columns: outputs, into: bias.gradientSlice(from: output.firstChannel))
            }
            if operation.isRectified, planner.rule.hasWideVectors, inputs % 16 == 0, planner.precision == .fp32 {
                return reluMaskedBackward(own, needsInputGradient: needsInputGradient, in: &planner) ?? gradient
            }
            let ownFactor = try planner.factor(own, count: planner.batch * outputs)
            try planner.multiply(
                rows: outputs, columns: inputs, inner: planner.batch, ownFactor, transposesLeft: true, factor,
                into: weightGradient)
            guard needsInputGradient else { return gradient }
            let result = planner.values(inputs)
            try planner.multiply(
                rows: planner.batch, columns: inputs, inner: outputs, ownFactor, weightFactor, into: result)
            return BranchGradient(result)
        }
    }
}

extension Planner {
    /// matrix (batch, columns) += bias, then max(0, x) when rectified.
    fileprivate mutating func addBias(_ bias: BufferSlice, isRectified: Bool, _ matrix: Value) {
        let (rows, columns, threads) = (Int64(batch), Int64(matrix.count), Int32(threads))
        append([bias, matrix.slice]) { memory, _ in
            kernel_add_bias(
                rows, columns, memory.floats(bias), isRectified, memory.floats(matrix.slice), threads)
        }
    }

    /// result (columns) = the sum of the rows of a matrix (batch, columns).
    fileprivate mutating func sumRows(_ matrix: BufferSlice, columns: Int, into result: BufferSlice) {
        let (rows, columns, threads) = (Int64(batch), Int64(columns), Int32(threads))
        append([matrix, result]) { memory, _ in
            kernel_sum_rows(rows, columns, memory.floats(matrix), memory.floats(result), threads)
        }
    }
}
