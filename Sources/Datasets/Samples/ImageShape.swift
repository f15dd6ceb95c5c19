/// The extents of one image, in the order of memory.
public struct ImageShape: Sendable, Hashable, Codable, CustomStringConvertible {
    public let channels: Int
    public let height: Int
    public let width: Int

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
