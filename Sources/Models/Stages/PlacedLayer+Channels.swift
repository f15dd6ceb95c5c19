internal import Vectors

extension PlacedLayer {
    /// The layer's number, word and name, for sentences: `layer 4 (dense fc1)`.
    public var title: String {
        "layer \(number) (\(kind.word)\(kind.name.map { $0 == number ? "" : " \($0)" } ?? ""))"
    }

    /// Which channels behind the layer each slot has that shares neurons; before it they have `incoming`. Nil: all have
    /// all.
    public func channels(behind incoming: ChannelSlices?, _ share: Share) -> ChannelSlices? {
        guard branches.isEmpty else {
            // What differs between the branches cannot be added before all have all of both.
            let ends = Set(branches.map { $0.channels(behind: incoming, share) })
            return ends.count == 1 ? ends.first ?? nil : nil
        }
        switch kind.channelUse {
        case .each: return incoming?.scaled(by: outputShape[0] / inputShape[0])
        case .neurons: return share.channels(of: outputShape[0])
        case .all: return nil
        }
    }

    /// Where the parameters of a slot lie that has `incoming` before the layer.
    fileprivate func parameterRanges(behind incoming: ChannelSlices?, _ share: Share) -> [Range<Int>] {
        guard branches.isEmpty else { return branches.flatMap { $0.parameterRanges(behind: incoming, share) } }
        guard let own = channels(behind: incoming, share)?.own else { return parameters.map(\.range) }
        return parameters.map { entry in
            let stride = entry.count / entry.shape[0]
            return (entry.offset + own.lowerBound * stride)..<(entry.offset + own.upperBound * stride)
        }
    }
}

extension [PlacedLayer] {
    /// Which channels behind these layers each slot has; see `PlacedLayer.channels`.
    public func channels(behind incoming: ChannelSlices?, _ share: Share) -> ChannelSlices? {
        reduce(incoming) { $1.channels(behind: $0, share) }
    }

    /// Where the parameters of a slot lie that has `incoming` before these layers.
    func parameterRanges(behind incoming: ChannelSlices?, _ share: Share) -> [Range<Int>] {
        var channels = incoming
        return flatMap { layer in
            defer { channels = layer.channels(behind: channels, share) }
            return layer.parameterRanges(behind: channels, share)
        }
    }
}
