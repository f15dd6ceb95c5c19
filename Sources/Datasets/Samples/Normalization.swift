/// How a pixel of 0 to 255 becomes an input: `(pixel / 255 - mean) / deviation`, for each channel.
public struct Normalization: Sendable, Hashable {
    /// What is taken from each channel's values, these being scaled to 0 to 1.
    public let mean: [Float]
    /// What each channel's values are divided by after that.
    public let deviation: [Float]

    /// The mean and standard deviation of each channel over the training samples, pixels being scaled to 0 to 1.
    public init(mean: [Float], deviation: [Float]) {
        precondition(mean.count == deviation.count, "\(mean.count) means with \(deviation.count) deviations")
        self.mean = mean
        self.deviation = deviation
    }

    /// Pixels scaled to 0 to 1 and nothing else.
    public static func none(channels: Int) -> Normalization {
        Normalization(
            mean: [Float](repeating: 0, count: channels), deviation: [Float](repeating: 1, count: channels))
    }

    /// The input for each pixel value, 256 for each channel: the same roundings as torchvision's `ToTensor` and
    /// `Normalize`, and one look-up a pixel.
    var table: [Float] {
        zip(mean, deviation).flatMap { mean, deviation in
            (0..<256).map { (Float($0) / 255 - mean) / deviation }
        }
    }
}
