/// One microbatch on its way through the layers of a stage: forward, and backward when its gradient has come.
public struct Pass: Hashable, Sendable, Codable {
    /// The number of the microbatch, counted from 0 over the whole run.
    public let microbatch: UInt64
    /// Whose share of the stage's work it is: the peer's own slot, or that of one for whom it stands in.
    public let slot: Int

    /// The share of that slot in the work on a microbatch.
    public init(microbatch: UInt64, slot: Int) {
        self.microbatch = microbatch
        self.slot = slot
    }
}
