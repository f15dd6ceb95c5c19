internal import COneDNN
internal import Models

/// The rule that gives the convolutions of a network their layouts: a function of the network and the processor alone.
struct LayoutRule {
    /// Whether the processor computes on 16 numbers at a time, which oneDNN and our larger kernels are made for.
    let hasWideVectors: Bool
    let usesBlocks: Bool
    /// Whether bf16 multiplies so much faster than float32 that the plain algorithm in it beats Winograd's.
    private let hasFastBFloat16: Bool

    /// Where `slots` peers share neurons, each has its part of every convolution's output.
    init(_ network: Network, _ precision: Precision, slots: Int = 1) {
        hasFastBFloat16 = precision == .bf16 && conednn_has_tiles()
        let convolutions = network.layers.flatMap(\.all).filter { $0.kind is Convolution }.map {
            (inputs: $0.inputShape[0], outputs: $0.outputShape[0])
        }
        // oneDNN takes up to 3 plain channels beside blocks of 16.
        hasWideVectors = conednn_prefers_blocks()
        usesBlocks =
            hasWideVectors && !hasFastBFloat16
            && convolutions.allSatisfy { ($0.inputs <= 3 || $0.inputs % 16 == 0) && $0.outputs % (16 * slots) == 0 }
    }

    /// Whether a convolution goes by Winograd's algorithm, F(4 x 4, 3 x 3), in all its passes. With fewer than two
    /// dozen tiles of 4 x 4 pixels its transformed weights are not worth their making.
    ///
    /// It rounds more (1e-5 instead of 1e-6), which where images are few shows in a gradient as soon as it moves one
    /// number across a ReLU's edge; so batches of under 8, which time nothing but tests, keep to the direct algorithm.
    func usesWinograd(_ convolution: ConvolutionOperation, batch: Int) -> Bool {
        let (before, after, window) = (convolution.layer.inputShape, convolution.layer.outputShape, convolution.window)
        let fits = window.kernel == 3 && window.stride == 1 && before[0] % 16 == 0 && after[0] % 16 == 0
        let tiles = batch * ((after[1] + 3) / 4) * ((after[2] + 3) / 4)
        // Where half of the tiles' pixels lie beyond the image, it saves nothing.
        let pays = batch >= 8 && tiles >= 24 && batch * after[1] * after[2] >= 8 * tiles
        return usesBlocks && fits && pays
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
