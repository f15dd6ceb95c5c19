internal import COneDNN
internal import Models

/// The rule that gives the convolutions of a network their layouts: a function of the network and the processor alone.
struct LayoutRule {
    /// Whether the processor computes on 16 numbers at a time, which oneDNN and our larger kernels are made for.
    let hasWideVectors: Bool
    let usesBlocks: Bool
    /// Winograd's algorithm is float32's alone, and oneDNN 2's.
    private let hasWinograd: Bool

    init(_ network: Network, _ precision: Precision) {
        hasWinograd = precision == .fp32 && conednn_has_winograd()
        let convolutions = network.layers.flatMap(\.all).filter { $0.kind is Convolution }.map {
            (inputs: $0.inputShape[0], outputs: $0.outputShape[0])
        }
        // oneDNN takes up to 3 plain channels beside blocks of 16.
        hasWideVectors = conednn_prefers_blocks()
        usesBlocks =
            hasWideVectors && !(precision == .bf16 && conednn_has_tiles())
            && convolutions.allSatisfy { ($0.inputs <= 3 || $0.inputs % 16 == 0) && $0.outputs % 16 == 0 }
    }

    /// Whether a convolution goes by Winograd's algorithm, F(4 x 4, 3 x 3), in all its passes: a quarter of the
    /// multiplications, more moving. In oneDNN 2.6.3 on one core (AVX-512) it takes 0.5 of the direct algorithm's time
    /// for 32 to 512 channels and 0.7 to 0.9 for 16; with fewer than two dozen tiles of 4 x 4 pixels its transformed
    /// weights are not worth their making.
    ///
    /// It rounds more (1e-5 instead of 1e-6), which where images are few shows in a gradient as soon as it moves one
    /// number across a ReLU's edge; so batches of under 8, which time nothing but tests, keep to the direct algorithm.
    func usesWinograd(_ shape: conednn_convolution) -> Bool {
        let tiles = shape.batch * ((shape.output_height + 3) / 4) * ((shape.output_width + 3) / 4)
        return hasWinograd && usesBlocks && shape.kernel == 3 && shape.stride == 1 && shape.padding == 1
            && shape.batch >= 8
            && tiles >= 24 && shape.input_channels % 16 == 0 && shape.output_channels % 16 == 0
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
