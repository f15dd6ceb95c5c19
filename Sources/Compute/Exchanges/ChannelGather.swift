internal import Models

/// All channels of a value of which each slot of the stage has a slice.
struct ChannelGather: TapeStep {
    /// Plain, as is the output.
    let input: Value
    let output: Value
    let channels: ChannelSlices
    /// Whether each slot knows a summand of the output's gradient, since each computes some of what follows; otherwise
    /// all know all of it.
    let isPartial: Bool

    func backward(
        _ gradient: BranchGradient, needsInputGradient: Bool, in planner: inout Planner
    ) -> BranchGradient {
        guard needsInputGradient else { return gradient }
        let whole = planner.single(gradient, output)
        guard isPartial else {
            let own = planner.values(input.count)
            planner.regroup(own, [channels.own], whole, output, intoWhole: false)
            return BranchGradient(own)
        }
        let grouped = planner.values(output.count)
        planner.regroup(grouped, channels.ranges, whole, output, intoWhole: false)
        return BranchGradient(
            planner.scatter(grouped, counts: planner.counts(channels, output), slot: channels.slot))
    }
}
