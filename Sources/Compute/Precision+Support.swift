internal import COneDNN
public import Models

extension Precision {
    /// Why this processor cannot compute in these numbers faster than in float32; nil where it can.
    public var shortage: String? {
        if self == .fp32 || conednn_has_bfloat16() { return nil }
        return "oneDNN has no bf16 kernels for this processor, which needs AVX512-BF16 or AMX; use fp32"
    }
}
