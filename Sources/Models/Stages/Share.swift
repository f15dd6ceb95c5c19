/// The share of one peer in the work of its stage.
public struct Share: Sendable, Hashable {
    /// What is shared.
    public let split: Split
    /// Which of the stage's peers it is, from 0.
    public let slot: Int
    /// How many peers the stage has.
    public let slots: Int

    /// The share of peer `slot` of a stage of so many.
    public init(_ split: Split, slot: Int, of slots: Int) {
        precondition(slots > 0 && (0..<slots).contains(slot), "a stage of \(slots) peers has no slot \(slot)")
        self.split = split
        self.slot = slot
        self.slots = slots
    }

    /// Which of so many channels each slot has.
    public func channels(of count: Int) -> ChannelSlices {
        ChannelSlices(ranges: Split.parts(of: count, slots: slots), slot: slot)
    }
}
