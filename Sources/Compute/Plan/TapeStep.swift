/// A step of the forward pass as the backward pass sees it.
protocol TapeStep {
    var input: Value { get }
    var output: Value { get }
    /// Whether the step leads to gradients of parameters.
    var hasParameters: Bool { get }

    /// Appends what turns the gradient of the output into that of the input, which it gives (without meaning where it
    /// is not needed), and into those of the parameters.
    func backward(
        _ gradient: BranchGradient, needsInputGradient: Bool, in planner: inout Planner
    ) throws(OneDNNError) -> BranchGradient
}

extension TapeStep {
    var hasParameters: Bool { false }
}

extension [any TapeStep] {
    var hasParameters: Bool { contains(where: \.hasParameters) }

    /// Appends the backward pass of the steps: the tape read from its end. Where the gradient of the first input is not
    /// needed, it stops at the first step with parameters, and what it gives has no meaning.
    func backward(
        _ gradient: BranchGradient, needsInputGradient: Bool, in planner: inout Planner
    ) throws(OneDNNError) -> BranchGradient {
        guard let first = needsInputGradient ? 0 : firstIndex(where: \.hasParameters) else { return gradient }
        var gradient = gradient
        for index in indices[first...].reversed() {
            gradient = try self[index].backward(
                gradient, needsInputGradient: needsInputGradient || index > first, in: &planner)
        }
        return gradient
    }
}
