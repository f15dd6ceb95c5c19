internal import Models

/// A value that all slots of the stage have and of which each computes some outputs: each knows a summand of its
/// gradient.
struct SharedInput: TapeStep {
    let value: Value
    let share: Share

    var input: Value { value }
    var output: Value { value }

    func backward(
        _ gradient: BranchGradient, needsInputGradient: Bool, in planner: inout Planner
    ) -> BranchGradient {
        guard needsInputGradient else { return gradient }
        let counts = [Int](repeating: planner.batch * value.count, count: share.slots)
        return BranchGradient(
            planner.gather(planner.single(gradient, value), counts: counts, slot: share.slot, isSummed: true))
    }
}
