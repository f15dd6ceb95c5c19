internal import Randomness

/// Which numbers of a batch stay: one draw for each, sample by sample in the order channels, height, width, whatever
/// their layout and whoever has them, so that peers who share a batch drop what one alone would drop.
struct DropoutDraws {
    let probability: Double
    /// Samples in the whole batch, and those that are here.
    let samples: Int
    let rows: Range<Int>
    /// Channels of a whole sample, and those that are here.
    let channels: Int
    let ownChannels: Range<Int>
    let pixels: Int
    /// How many channels of one pixel lie side by side.
    let lanes: Int

    /// Writes 1 for each number that is here and stays, 0 for the others.
    func run(into stays: UnsafeMutablePointer<UInt8>, _ stream: inout RandomStream) {
        stream.skip(rows.lowerBound * channels * pixels)
        var image = stays
        for _ in rows {
            stream.skip(ownChannels.lowerBound * pixels)
            for block in stride(from: 0, to: ownChannels.count, by: lanes) {
                for lane in 0..<min(lanes, ownChannels.count - block) {
                    var place = image + block * pixels + lane
                    for _ in 0..<pixels {
                        place.pointee = stream.bernoulli(probability) ? 0 : 1
                        place += lanes
                    }
                }
            }
            stream.skip((channels - ownChannels.upperBound) * pixels)
            image += ownChannels.count * pixels
        }
        stream.skip((samples - rows.upperBound) * channels * pixels)
    }
}

extension RandomStream {
    /// Passes over so many draws of one word each.
    mutating func skip(_ draws: Int) {
        for _ in 0..<draws { _ = next() }
    }
}
