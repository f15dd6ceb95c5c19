internal import COneDNN
public import Models

extension Precision {
    /// Why gradients cannot be computed in these numbers here; nil where they can.
    public var shortage: String? {
        if self == .fp32 || conednn_has_bfloat16() { return nil }
        return "oneDNN has no bf16 kernels for this processor, which needs AVX512-BF16 or AMX; use fp32"
    }
}
