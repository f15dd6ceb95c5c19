/// An exchange as the plan knows it: where what goes out lies, and where what comes in shall lie.
struct PlannedExchange {
    let exchange: Exchange
    let outgoing: BufferSlice?
    let incoming: BufferSlice?
    /// Whether the parts that come are added up; otherwise they lie side by side.
    let isSummed: Bool
}
