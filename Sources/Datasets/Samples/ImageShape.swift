/// The extents of one image, in the order of memory.
public struct ImageShape: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Planes of an image: 1 for grey, 3 for colour.
    public let channels: Int
    /// Rows of pixels.
    public let height: Int
    /// Pixels in a row.
    public let width: Int

    /// The extents in the order in which they nest in memory.
    public init(channels: Int, height: Int, width: Int) {
        self.channels = channels
        self.height = height
        self.width = width
    }

    /// Values in one channel.
    public var planeCount: Int { height * width }
    /// Values in one image.
    public var count: Int { channels * planeCount }

    public var description: String { "\(channels) x \(height) x \(width)" }
}
