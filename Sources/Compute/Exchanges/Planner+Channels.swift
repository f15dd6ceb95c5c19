internal import Models

extension Planner {
    /// The value with the channels that the operation wants, where the slots of the stage share neurons.
    mutating func prepared(_ value: Value, for operation: any Operation) throws(OneDNNError) -> Value {
        guard let share = neurons, operation.layer.branches.isEmpty else { return value }
        switch operation.layer.kind.channelUse {
        case .each: return value
        case .all: return try whole(value, isPartial: false)
        case .neurons:
            if value.channels != nil { return try whole(value, isPartial: true) }
            tape.append(SharedInput(value: value, share: share))
            return value
        }
    }

    /// All channels of the value, plain; the value itself, where they are here. `isPartial` tells of its gradient.
    mutating func whole(_ value: Value, isPartial: Bool) throws(OneDNNError) -> Value {
        guard let channels = value.channels else { return value }
        let input = try self.value(value, in: .plain)
        let count = channels.ranges[channels.ranges.count - 1].upperBound
        let shape = [count] + value.shape.dropFirst()
        let output = Value(shape: shape, layout: .plain, slice: values(shape.reduce(1, *)))
        let parts = gather(input.slice, counts: counts(channels, output), slot: channels.slot)
        regroup(parts, channels.ranges, output.slice, output, intoWhole: true)
        tape.append(ChannelGather(input: input, output: output, channels: channels, isPartial: isPartial))
        return output
    }

    /// How many numbers of a batch of `whole` each slot has.
    func counts(_ channels: ChannelSlices, _ whole: Value) -> [Int] {
        channels.ranges.map { batch * $0.count * (whole.count / whole.shape[0]) }
    }

    /// Appends the copying between a plain block of images with all channels, and one that holds all images with the
    /// channels of the first range, then all with those of the second, and so on.
    mutating func regroup(
        _ grouped: BufferSlice, _ ranges: [Range<Int>], _ whole: BufferSlice, _ shape: Value, intoWhole: Bool
    ) {
        let (batch, count, pixels) = (batch, shape.count, shape.count / shape.shape[0])
        append([grouped, whole]) { memory, _ in
            var group = memory.floats(grouped)
            for range in ranges {
                for image in 0..<batch {
                    let place = memory.floats(whole) + image * count + range.lowerBound * pixels
                    if intoWhole {
                        place.update(from: group, count: range.count * pixels)
                    } else {
                        group.update(from: place, count: range.count * pixels)
                    }
                    group += range.count * pixels
                }
            }
        }
    }
}
