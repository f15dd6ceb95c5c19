internal import Configuration

/// Residual networks (He et al., 2016): a stem, then stages of blocks, each stage but the first halving the image and
/// doubling the channels. Where a block changes the shape, a 1 x 1 convolution and a norm on its shortcut do so too.
/// Names as in torchvision.
struct ResidualDesign {
    enum Stem {
        /// A 3 x 3 convolution, for CIFAR's images.
        case small
        /// A 7 x 7 convolution and max-pooling, each halving the image, for ImageNet's.
        case halvingTwice
    }

    enum Block {
        /// Two 3 x 3 convolutions.
        case basic
        /// A 3 x 3 convolution between two of 1 x 1, the last of them with four times the filters. The 3 x 3 has the
        /// stride, as in torchvision.
        case bottleneck

        /// How many times the stage's filters a block gives.
        var expansion: Int { self == .basic ? 1 : 4 }
    }

    let stem: Stem
    let block: Block
    let width: Int
    /// Blocks of each stage.
    let depths: [Int]
    let norm: NormDesign
    let zeroGamma: Bool
    let initialization: WeightInitialization

    init(
        _ declared: ResidualOptions, _ options: Options, stem: Stem, block: Block = .basic, depths: [Int],
        initialization: WeightInitialization
    ) throws(ConfigurationError) {
        self.stem = stem
        self.block = block
        width = try options.value(declared.width)
        self.depths = depths
        norm = try NormDesign(try options.value(ResidualOptions.norm), options, width: width)
        zeroGamma = try options.value(ResidualOptions.zeroGamma)
        self.initialization = initialization
    }

    func layers(classes: Int) -> [Layer] {
        var layers = stemLayers
        var channels = width
        for (stage, depth) in depths.enumerated() {
            for index in 0..<depth {
                let filters = width << stage
                layers += block(
                    "layer\(stage + 1).\(index)", from: channels, filters: filters,
                    stride: stage > 0 && index == 0 ? 2 : 1)
                channels = filters * block.expansion
            }
        }
        return layers + [.globalAveragePool, .dense(name: "fc", outputs: classes)]
    }

    private var stemLayers: [Layer] {
        switch stem {
        case .small: [convolution("conv1", width, kernel: 3)] + norm.activated("bn1")
        case .halvingTwice:
            [convolution("conv1", width, kernel: 7, stride: 2)] + norm.activated("bn1") + [
                .maxPool(KernelWindow(kernel: 3, stride: 2, padding: 1))
            ]
        }
    }

    private func block(_ name: String, from inputs: Int, filters: Int, stride: Int) -> [Layer] {
        let outputs = filters * block.expansion
        let changesShape = stride != 1 || inputs != outputs
        let shortcut = [
            convolution("\(name).downsample.0", outputs, kernel: 1, stride: stride),
            norm.plain("\(name).downsample.1"),
        ]
        return [
            .residual(body: body(name, filters: filters, stride: stride), shortcut: changesShape ? shortcut : []),
            .relu,
        ]
    }

    private func body(_ name: String, filters: Int, stride: Int) -> [Layer] {
        let scale: Float = zeroGamma ? 0 : 1
        switch block {
        case .basic:
            return [convolution("\(name).conv1", filters, kernel: 3, stride: stride)]
                + norm.activated("\(name).bn1")
                + [convolution("\(name).conv2", filters, kernel: 3), norm.plain("\(name).bn2", scale: scale)]
        case .bottleneck:
            return [convolution("\(name).conv1", filters, kernel: 1)]
                + norm.activated("\(name).bn1")
                + [convolution("\(name).conv2", filters, kernel: 3, stride: stride)]
                + norm.activated("\(name).bn2")
                + [
                    convolution("\(name).conv3", filters * block.expansion, kernel: 1),
                    norm.plain("\(name).bn3", scale: scale),
                ]
        }
    }

    /// Padded so that the stride alone makes the image smaller.
    private func convolution(_ name: String, _ filters: Int, kernel: Int, stride: Int = 1) -> Layer {
        .convolution(
            name: name, filters: filters, KernelWindow(kernel: kernel, stride: stride, padding: kernel / 2),
            bias: false, initialization: initialization)
    }
}
