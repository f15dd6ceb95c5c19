internal import COneDNN

/// How a batch of images lies in memory. Flat values, and images of one pixel, lie the same in all of them.
enum ImageLayout: Equatable {
    /// Batch, channels, height, width.
    case plain
    /// Batch, height, width, channels.
    case channelsLast
    /// Batch, channels / 16, height, width, 16: what oneDNN computes fastest on with AVX-512.
    case blocked

    var onednn: conednn_layout {
        switch self {
        case .plain: conednn_plain
        case .channelsLast: conednn_channels_last
        case .blocked: conednn_blocked
        }
    }

    /// How many channels of one pixel lie side by side.
    func lanes(channels: Int) -> Int {
        switch self {
        case .plain: 1
        case .channelsLast: channels
        case .blocked: 16
        }
    }

    /// Whether images of that shape lie the same in both layouts.
    func isSame(as other: ImageLayout, for shape: [Int]) -> Bool {
        if self == other || shape.count == 1 || shape[1] * shape[2] == 1 { return true }
        return shape[0] == 1
    }
}
