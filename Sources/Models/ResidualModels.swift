internal import Configuration

/// What a residual network normalises over.
private enum NormKind: String, CaseIterable, Sendable {
    case batch
    case group
}

/// Residual networks of basic blocks for small images (He et al., 2016): a 3 x 3 stem of stride 1 without pooling, then
/// stages of blocks, each stage but the first halving the image and doubling the channels. Where a block changes the
/// shape, a 1 x 1 convolution and a norm on its shortcut do so too. Names as in torchvision.
private struct ResidualDesign {
    let width: Int
    let depth: Int
    let norm: NormKind
    let groups: Int
    let zeroGamma: Bool

    init(_ declared: ResidualOptions, _ options: Options) throws(ConfigurationError) {
        width = try options.value(declared.width)
        depth = try options.value(declared.depth)
        norm = try options.value(ResidualOptions.norm)
        groups = try options.value(ResidualOptions.groups)
        zeroGamma = try options.value(ResidualOptions.zeroGamma)
        if norm == .group, width % groups != 0 {
            throw ConfigurationError(
                key: "groups", "\(groups) groups do not divide the \(width) filters of the first stage")
        }
    }

    private func norm(_ name: String, scale: Float = 1) -> Layer {
        switch norm {
        case .batch: .batchNorm(name: name, initialScale: scale)
        case .group: .groupNorm(name: name, groups: groups, initialScale: scale)
        }
    }

    private func block(_ name: String, from inputs: Int, to filters: Int, stride: Int) -> [Layer] {
        let body: [Layer] = [
            .convolution(
                name: "\(name).conv1", filters: filters, Window(kernel: 3, stride: stride, padding: 1), bias: false),
            norm("\(name).bn1"), .relu,
            .convolution(name: "\(name).conv2", filters: filters, Window(kernel: 3, padding: 1), bias: false),
            norm("\(name).bn2", scale: zeroGamma ? 0 : 1),
        ]
        let changesShape = stride != 1 || inputs != filters
        let shortcut: [Layer] = [
            .convolution(
                name: "\(name).downsample.0", filters: filters, Window(kernel: 1, stride: stride), bias: false),
            norm("\(name).downsample.1"),
        ]
        return [.residual(body: body, shortcut: changesShape ? shortcut : []), .relu]
    }

    func layers(stages: Int, classes: Int) -> [Layer] {
        var layers: [Layer] = [
            .convolution(name: "conv1", filters: width, Window(kernel: 3, padding: 1), bias: false), norm("bn1"), .relu,
        ]
        var channels = width
        for stage in 0..<stages {
            for index in 0..<depth {
                let filters = width << stage
                layers += block(
                    "layer\(stage + 1).\(index)", from: channels, to: filters, stride: stage > 0 && index == 0 ? 2 : 1)
                channels = filters
            }
        }
        return layers + [.globalAveragePool, .dense(name: "fc", outputs: classes)]
    }
}

/// The options of residual networks, with the defaults of one of them.
private struct ResidualOptions: Sendable {
    let width: Option<Int>
    let depth: Option<Int>
    static let norm = Option<NormKind>.choice(
        "norm", default: .batch, "what activations are normalised over: the batch, or groups of channels of an image")
    static let groups = Option<Int>.integer("groups", default: 8, in: 1...1024, "groups of channels, for norm: group")
    static let zeroGamma = Option<Bool>.boolean(
        "zero_gamma", default: false,
        "start the last norm of each block at scale 0, so that the block passes its input on")

    init(width: Int, depth: Int) {
        self.width = .integer(
            "width", default: width, in: 1...1024, "filters of the first stage; each further one doubles")
        self.depth = .integer("depth", default: depth, in: 1...100, "blocks of each stage")
    }

    var descriptions: [OptionDescription] {
        [
            width.description, depth.description, Self.norm.description, Self.groups.description,
            Self.zeroGamma.description,
        ]
    }
}

extension Model {
    private static func residual(
        _ name: String, _ summary: String, stages: Int, width: Int, depth: Int
    ) -> Model {
        let declared = ResidualOptions(width: width, depth: depth)
        return Model(
            description: Description(name: name, summary: summary, options: declared.descriptions)
        ) { (options, classes) throws(ConfigurationError) in
            try ResidualDesign(declared, options).layers(stages: stages, classes: classes)
        }
    }

    static let resnet20 = residual(
        "resnet20", "residual network for CIFAR: three stages of three blocks with 16, 32 and 64 filters", stages: 3,
        width: 16, depth: 3)

    static let resnet18 = residual(
        "resnet18", "residual network with CIFAR's stem: four stages of two blocks with 64, 128, 256 and 512 filters",
        stages: 4, width: 64, depth: 2)
}
