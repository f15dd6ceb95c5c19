internal import Configuration

extension Model {
    private static let width = Option<Int>.integer(
        "width", default: 64, in: 1...1024, "filters of the first convolution; the last have eight times as many")
    private static let norm = Option<NormDesign.Kind?>.optionalChoice(
        "norm", "the norm behind each convolution; null: as batch_norm says")
    private static let batchNorm = Option<Bool>.boolean(
        "batch_norm", default: false, "batch-norm behind each convolution, as norm: batch"
    ).idle(beside: norm)

    /// Convolutions of configuration A of Simonyan and Zisserman (2015), as multiples of the width, nil where the image
    /// is halved.
    private static let multiples: [Int?] = [1, nil, 2, nil, 4, 4, nil, 8, 8, nil, 8, 8, nil]

    static let vgg11 = Model(
        description: Description(
            name: "vgg11",
            summary: "VGG-11 for CIFAR: eight 3 x 3 convolutions of 64 to 512 filters, five poolings, one dense layer",
            options: [
                width.description, batchNorm.description, norm.description, NormDesign.groups.description,
            ]),
        images: [3, 32, 32]
    ) { (options, classes) throws(ConfigurationError) in
        let width = try options.value(width)
        let usesBatchNorm = try options.value(batchNorm)
        let kind = try options.value(norm) ?? (usesBatchNorm ? .batch : nil)
        let norm: NormDesign? = if let kind { try NormDesign(kind, options, width: width) } else { nil }
        var (layers, index) = ([Layer](), 0)
        for multiple in multiples {
            guard let multiple else {
                layers.append(.maxPool(.halving))
                index += 1
                continue
            }
            layers.append(
                .convolution(
                    name: "features.\(index)", filters: multiple * width, .same, initialization: .normal))
            layers += norm?.activated("features.\(index + 1)") ?? [.relu]
            index += norm == nil ? 2 : 3
        }
        return layers + [.flatten, .dense(name: "classifier.0", outputs: classes)]
    }
}
