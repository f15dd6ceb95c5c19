/// How far a pass through a plan has come.
struct Pass {
    var state: RunState
    /// The instruction that comes next.
    var position = 0
    /// Where it has stopped, if it has.
    var exchange: PlannedExchange?

    init(state: RunState) { self.state = state }
}
