/// The numbers in which gradients are computed.
public enum Precision: String, Sendable, Hashable, CaseIterable {
    /// IEEE float32 throughout.
    case fp32
    /// What convolutions and dense layers multiply is rounded to bfloat16; sums, and all else, are float32: weights,
    /// statistics, activations, the loss, the gradient (mixed precision, Kalamkar et al. 2019, arXiv:1905.12322).
    case bf16
}
