internal import Configuration

extension Model {
    /// A residual network for CIFAR's images, of basic blocks.
    private static func small(_ name: String, _ summary: String, stages: Int, width: Int, depth: Int) -> Model {
        let declaredDepth = Option<Int>.integer("depth", default: depth, in: 1...100, "blocks of each stage")
        let declared = ResidualOptions(width: width, depth: declaredDepth)
        return Model(
            description: Description(name: name, summary: summary, options: declared.descriptions),
            images: [3, 32, 32]
        ) { (options, classes) throws(ConfigurationError) in
            let depths = [Int](repeating: try options.value(declaredDepth), count: stages)
            return try ResidualDesign(declared, options, stem: .small, depths: depths, initialization: .uniform)
                .layers(classes: classes)
        }
    }

    private static func cifar(_ name: String, depth: Int) -> Model {
        small(
            name, "residual network for CIFAR: three stages of \(depth) blocks with 16, 32 and 64 filters", stages: 3,
            width: 16, depth: depth)
    }

    static let resnet20 = cifar("resnet20", depth: 3)
    static let resnet32 = cifar("resnet32", depth: 5)
    static let resnet44 = cifar("resnet44", depth: 7)
    static let resnet56 = cifar("resnet56", depth: 9)
    static let resnet110 = cifar("resnet110", depth: 18)

    static let resnet18 = small(
        "resnet18", "residual network with CIFAR's stem: four stages of two blocks with 64, 128, 256 and 512 filters",
        stages: 4, width: 64, depth: 2)

    /// A residual network for ImageNet's images, with the weights that torchvision draws.
    private static func imageNet(
        _ name: String, _ summary: String, _ block: ResidualDesign.Block = .basic, depths: [Int]
    ) -> Model {
        let declared = ResidualOptions(width: 64)
        return Model(
            description: Description(name: name, summary: summary, options: declared.descriptions),
            images: [3, 224, 224]
        ) { (options, classes) throws(ConfigurationError) in
            try ResidualDesign(
                declared, options, stem: .halvingTwice, block: block, depths: depths, initialization: .normal
            ).layers(classes: classes)
        }
    }

    static let resnet18ImageNet = imageNet(
        "resnet18-imagenet", "ResNet-18 with ImageNet's stem: four stages of two blocks with 64 to 512 filters",
        depths: [2, 2, 2, 2])
    static let resnet34 = imageNet(
        "resnet34", "ResNet-34 for ImageNet: stages of 3, 4, 6 and 3 blocks with 64 to 512 filters",
        depths: [3, 4, 6, 3])
    static let resnet50 = imageNet(
        "resnet50", "ResNet-50 for ImageNet: stages of 3, 4, 6 and 3 bottlenecks with 256 to 2048 filters",
        .bottleneck, depths: [3, 4, 6, 3])
}
