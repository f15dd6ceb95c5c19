internal import Vectors

/// What one peer computes of a network: the layers of its stage, and its share in them.
public struct StagePiece: Sendable, Hashable {
    /// Of the network's own list.
    public let layers: Range<Int>
    /// Nil where the peer is alone in its stage.
    public let share: Share?

    /// Those layers, alone or with that share.
    public init(layers: Range<Int>, share: Share? = nil) {
        precondition(!layers.isEmpty, "a stage has at least one layer")
        self.layers = layers
        self.share = (share?.slots ?? 1) > 1 ? share : nil
    }

    /// The share, where it is one of rows.
    public var rowShare: Share? { share?.split == .rows ? share : nil }
    /// The share, where it is one of neurons.
    public var neuronShare: Share? { share?.split == .neurons ? share : nil }

    /// How many samples of a batch each peer of the stage computes, in the order of the batch; one that is alone or
    /// shares neurons, all.
    public func rows(of batch: Int) -> [Range<Int>] {
        rowShare.map { Split.parts(of: batch, slots: $0.slots) } ?? [0..<batch]
    }

    /// The samples of a batch that this peer computes.
    public func ownRows(of batch: Int) -> Range<Int> { rows(of: batch)[rowShare?.slot ?? 0] }

    /// Which channels each peer of the stage is given of a sample on its way through the network; nil: all.
    public func incomingChannels(of network: Network) -> ChannelSlices? {
        neuronShare.flatMap { Array(network.layers[..<layers.lowerBound]).channels(behind: nil, $0) }
    }

    /// Where in the network's flat vector the parameters of the stage lie: the vectors of all its peers are as long,
    /// whatever of them each has a gradient of.
    public func vectorRange(of network: Network) -> Range<Int> {
        let own = network.layers[layers].flatMap(\.all).flatMap(\.parameters)
        guard let first = own.first, let last = own.last else { return 0..<0 }
        return first.offset..<last.range.upperBound
    }

    /// Where in the network's flat vector the parameters lie that the peer has a gradient of, in order and as few
    /// ranges as can be. What several peers have in common is summed over rows, and the same in all over neurons.
    public func parameterRanges(of network: Network) -> [Range<Int>] {
        let own = Array(network.layers[layers])
        let ranges =
            neuronShare.map { own.parameterRanges(behind: incomingChannels(of: network), $0) }
            ?? own.flatMap(\.all).flatMap { $0.parameters.map(\.range) }
        return ranges.reduce(into: []) { joined, range in
            if let last = joined.last, last.upperBound == range.lowerBound {
                joined[joined.count - 1] = last.lowerBound..<range.upperBound
            } else {
                joined.append(range)
            }
        }
    }
}
