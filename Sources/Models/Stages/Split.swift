public import Configuration

/// How the peers of a stage share the work on a batch.
public enum Split: String, Sendable, Hashable, CaseIterable {
    /// Each takes some samples of the batch, with all weights.
    case rows
    /// Each takes some outputs of every convolution and dense layer, with their weights, for all samples.
    case neurons

    /// The parts that so many peers take of `count` things in a row: equal, but for the first, which have one more.
    public static func parts(of count: Int, slots: Int) -> [Range<Int>] {
        let (size, rest) = (count / slots, count % slots)
        return (0..<slots).map { slot in
            let first = slot * size + min(slot, rest)
            return first..<(first + size + (slot < rest ? 1 : 0))
        }
    }

    /// Throws where one of so many peers of a stage would have nothing to do.
    public func check(_ network: Network, batch: Int, slots: Int) throws(ConfigurationError) {
        switch self {
        case .rows:
            guard slots > batch else { return }
            throw ConfigurationError(
                key: "peers_per_stage",
                "the \(slots) peers of a stage are more than the \(batch) rows that they share; take at most \(batch)")
        case .neurons:
            for layer in network.layers.flatMap(\.all) where layer.kind.channelUse == .neurons {
                guard layer.outputShape[0] < slots else { continue }
                throw ConfigurationError(
                    key: "peers_per_stage",
                    "\(layer.title) of model \(network.name) has \(layer.outputShape[0]) neurons, which \(slots) peers "
                        + "of a stage cannot share; take at most \(layer.outputShape[0]), or split by rows")
            }
        }
    }
}
