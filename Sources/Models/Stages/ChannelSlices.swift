/// Which channels of a value each peer of a stage has, where they are split by neurons.
public struct ChannelSlices: Sendable, Hashable {
    /// Of each slot, side by side from 0.
    public let ranges: [Range<Int>]
    /// Whose view it is.
    public let slot: Int

    /// The channels of the slot itself.
    public var own: Range<Int> { ranges[slot] }

    /// The same where each channel has become so many, side by side.
    func scaled(by factor: Int) -> ChannelSlices {
        ChannelSlices(
            ranges: ranges.map { ($0.lowerBound * factor)..<($0.upperBound * factor) }, slot: slot)
    }
}
