internal import CKernels

/// A gradient on its way back: the sum of one or two blocks, of which the second comes from the other branch of a
/// residual block.
///
/// The sum is left to the next step, which often can add on the way.
struct BranchGradient {
    var first: BufferSlice
    var second: BufferSlice?
    /// Whether another branch reads the first block too, so that nothing may be written over it.
    var isShared = false

    init(_ first: BufferSlice, second: BufferSlice? = nil, isShared: Bool = false) {
        self.first = first
        self.second = second
        self.isShared = isShared
    }

    /// As kernels see it; `reluMask` says which numbers a ReLU has let pass.
    func kernel(_ memory: borrowing Memory, reluMask: BufferSlice?) -> kernel_branch_gradient {
        kernel_branch_gradient(
            first: memory.floats(first), second: UnsafePointer(memory.floats(second)),
            relu_mask: UnsafePointer(memory.flags(reluMask)))
    }
}

extension Planner {
    /// The gradient of `value` as one block. Elementwise, so that any two blocks of equal size and layout will do.
    mutating func single(_ gradient: BranchGradient, _ value: Value) -> BufferSlice {
        guard gradient.second != nil else { return gradient.first }
        let result = gradient.isShared ? values(value.count) : gradient.first
        sum(gradient, value, reluMask: nil, into: result)
        return result
    }

    /// The gradient of `value` as one block that may be written over.
    mutating func owned(_ gradient: BranchGradient, _ value: Value) -> BufferSlice {
        guard gradient.isShared else { return single(gradient, value) }
        let result = values(value.count)
        sum(gradient, value, reluMask: nil, into: result)
        return result
    }

    /// result = the gradient of `value` as one block, 0 where the ReLU has stopped it.
    mutating func sum(
        _ gradient: BranchGradient, _ value: Value, reluMask: BufferSlice?, into result: BufferSlice
    ) {
        let (images, threads) = (value.kernel(batch: batch), Int32(threads))
        append([gradient.first, gradient.second, reluMask, result]) { memory, _ in
            withUnsafePointer(to: images) {
                kernel_branch_gradient_sum(
                    $0, gradient.kernel(memory, reluMask: reluMask), memory.floats(result), threads)
            }
        }
    }
}
