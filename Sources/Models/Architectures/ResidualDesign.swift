internal import Configuration

/// Residual networks of basic blocks for small images (He et al., 2016): a 3 x 3 stem of stride 1 without pooling, then
/// stages of blocks, each stage but the first halving the image and doubling the channels. Where a block changes the
/// shape, a 1 x 1 convolution and a norm on its shortcut do so too. Names as in torchvision.
struct ResidualDesign {
    let width: Int
    let depth: Int
    let norm: ResidualOptions.Norm
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
                name: "\(name).conv1", filters: filters, KernelWindow(kernel: 3, stride: stride, padding: 1),
                bias: false),
            norm("\(name).bn1"), .relu,
            .convolution(name: "\(name).conv2", filters: filters, KernelWindow(kernel: 3, padding: 1), bias: false),
            norm("\(name).bn2", scale: zeroGamma ? 0 : 1),
        ]
        let changesShape = stride != 1 || inputs != filters
        let shortcut: [Layer] = [
            .convolution(
                name: "\(name).downsample.0", filters: filters, KernelWindow(kernel: 1, stride: stride), bias: false),
            norm("\(name).downsample.1"),
        ]
        return [.residual(body: body, shortcut: changesShape ? shortcut : []), .relu]
    }

    func layers(stages: Int, classes: Int) -> [Layer] {
        var layers: [Layer] = [
            .convolution(name: "conv1", filters: width, KernelWindow(kernel: 3, padding: 1), bias: false), norm("bn1"),
            .relu,
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
