internal import CKernels

/// A branch's images on the way into a sum: as they are, or by the coefficients of a norm.
struct Term {
    let values: BufferSlice
    let coefficients: BufferSlice?

    fileprivate func kernel(_ memory: borrowing Memory) -> kernel_term {
        kernel_term(values: memory.floats(values), coefficients: UnsafePointer(memory.floats(coefficients)))
    }
}

extension Planner {
    /// output = first + second, then max(0, x) when rectified: a norm, the end of a residual block, or both in one
    /// pass. The mask takes which numbers were above 0.
    mutating func apply(
        _ shape: kernel_norm, _ first: Term, _ second: Term?, isRectified: Bool, into output: BufferSlice,
        reluMask: BufferSlice?
    ) {
        let threads = Int32(threads)
        append(
            [first.values, first.coefficients, second?.values, second?.coefficients, output, reluMask]
        ) { memory, _ in
            withUnsafePointer(to: shape) {
                kernel_norm_apply(
                    $0, first.kernel(memory), second?.kernel(memory) ?? kernel_term(values: nil, coefficients: nil),
                    isRectified, memory.floats(output), memory.flags(reluMask), threads)
            }
        }
    }

    /// Room for one bit a number, where the backward pass will ask what a ReLU has let pass.
    mutating func reluMask(_ value: Value) -> BufferSlice? {
        guard mode.hasBackward else { return nil }
        let channels = value.shape[0]
        return bytes(2 * batch * ((channels + 15) / 16) * (value.count / channels))
    }
}
