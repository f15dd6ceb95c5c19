internal import Configuration

extension Model {
    private static func residual(
        _ name: String, _ summary: String, stages: Int, width: Int, depth: Int
    ) -> Model {
        let declared = ResidualOptions(width: width, depth: depth)
        return Model(
            description: Description(name: name, summary: summary, options: declared.descriptions),
            images: [3, 32, 32]
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
