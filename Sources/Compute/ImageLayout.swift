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

/// The rule that gives the convolutions of a network their layouts: a function of the network and the processor alone.
struct LayoutRule {
    /// Whether the processor computes on 16 numbers at a time, which oneDNN and our larger kernels are made for.
    let hasWideVectors: Bool
    let usesBlocks: Bool

    init(_ stages: [Stage]) {
        let convolutions = stages.compactMap { stage -> (inputs: Int, outputs: Int)? in
            if case .convolution = stage.operation { (stage.inputShape[0], stage.outputShape[0]) } else { nil }
        }
        // oneDNN takes up to 3 plain channels beside blocks of 16.
        hasWideVectors = conednn_prefers_blocks()
        usesBlocks =
            hasWideVectors
            && convolutions.allSatisfy { ($0.inputs <= 3 || $0.inputs % 16 == 0) && $0.outputs % 16 == 0 }
    }

    /// Whether the forward pass of a convolution goes by Winograd's algorithm, F(4 x 4, 3 x 3), which multiplies less
    /// and moves more: it needs many channels to pay. In oneDNN 2.6.3 (batch 64, one core) it takes 0.65 of the
    /// direct algorithm's time for 32 to 64 channels on 14 x 14 pixels, and 1.5 of it for 16 to 16 on 32 x 32.
    func usesWinograd(_ shape: conednn_convolution) -> Bool {
        usesBlocks && shape.kernel == 3 && shape.stride == 1 && shape.padding == 1 && shape.input_channels >= 32
            && shape.output_channels >= 64 && shape.input_channels % 16 == 0
    }

    func layout(channels: Int) -> ImageLayout {
        if usesBlocks {
            return channels % 16 == 0 ? .blocked : .plain
        }
        // One channel lies the same either way, but called plain beside an output that is channels-last it would go to
        // oneDNN's reference code (AVX2, cnn: 480 ms a step instead of 20).
        return .channelsLast
    }
}
