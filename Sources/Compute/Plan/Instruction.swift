/// One step of a plan, with every choice made: reads and writes buffers, allocates nothing.
struct Instruction {
    /// The buffers it reads or writes, from which the arena learns how long each must live.
    let buffers: [Buffer]
    let run: (borrowing Memory, inout RunState) -> Void
    /// Behind which the plan stops for others; none in the plan of a whole network.
    let exchange: PlannedExchange?

    /// `run` may touch these slices, and blocks that are no part of the arena.
    init(_ slices: [BufferSlice?], _ run: @escaping (borrowing Memory, inout RunState) -> Void) {
        buffers = slices.compactMap { $0?.buffer }
        self.run = run
        exchange = nil
    }

    /// Computes nothing and stops.
    init(_ exchange: PlannedExchange) {
        buffers = [exchange.outgoing, exchange.incoming].compactMap { $0?.buffer }
        run = { _, _ in }
        self.exchange = exchange
    }
}
