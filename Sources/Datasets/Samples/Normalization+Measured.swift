extension Normalization {
    /// The mean and standard deviation of each channel of these images; a channel of one value alone keeps its scale.
    ///
    /// By counts of the 256 values, so that nothing depends on the order of the images.
    init(measuring samples: UnreadSamples) throws(DataError) {
        let (channels, plane) = (samples.shape.channels, samples.shape.planeCount)
        var counts = [[Int]](repeating: [Int](repeating: 0, count: 256), count: channels)
        try samples.forEachPart { part in
            for (channel, start) in zip(0..., stride(from: 0, to: part.count, by: plane)) {
                for pixel in part[start..<(start + plane)] { counts[channel % channels][Int(pixel)] += 1 }
            }
        }
        let moments = counts.map { counts -> (mean: Double, deviation: Double) in
            let total = Double(counts.reduce(0, +))
            func average(_ value: (Double) -> Double) -> Double {
                counts.enumerated().reduce(0) { $0 + value(Double($1.offset) / 255) * Double($1.element) } / total
            }
            let mean = average { $0 }
            let deviation = average { ($0 - mean) * ($0 - mean) }.squareRoot()
            return (mean, deviation > 0 ? deviation : 1)
        }
        self.init(mean: moments.map { Float($0.mean) }, deviation: moments.map { Float($0.deviation) })
    }

    /// Whether another's numbers are these, rounded to the four digits in which they are published.
    func isNear(_ other: Normalization) -> Bool {
        zip(mean + deviation, other.mean + other.deviation).allSatisfy { abs($0 - $1) <= 1.01e-4 }
    }
}
