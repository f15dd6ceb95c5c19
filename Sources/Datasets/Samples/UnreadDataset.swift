/// A data set whose labels are known and whose pixels are still to be read.
public struct UnreadDataset: Sendable {
    public let name: String
    /// The folder of the files; nil for data that is made.
    public let folder: String?
    /// The extents of every image in it.
    public let shape: ImageShape
    /// The names of the classes; a label is an index into them.
    public let classes: [String]
    /// What makes inputs of pixels.
    public internal(set) var normalization: Normalization
    /// The samples that are learned from.
    public internal(set) var train: UnreadSamples
    /// Split off the training samples; empty unless asked for.
    public internal(set) var validation: UnreadSamples
    /// The samples that models are tested on.
    public internal(set) var test: UnreadSamples

    init(
        name: String, folder: String?, classes: [String], normalization: Normalization, train: UnreadSamples,
        test: UnreadSamples
    ) {
        precondition(train.shape == test.shape, "\(name) trains on \(train.shape) and tests on \(test.shape)")
        self.name = name
        self.folder = folder
        shape = train.shape
        self.classes = classes
        self.normalization = normalization
        self.train = train
        validation = train.selecting([])
        self.test = test
    }

    /// Decodes whatever is else decoded only when it is needed. Throws with the name of the first damaged picture.
    public func verify() throws(DataError) {
        for samples in [train, validation, test] { try samples.verify() }
    }

    /// The most bytes of images that are held, of training, validation or testing each. Of more each image is read when
    /// it is needed.
    public static let mostHeldBytes = 1 << 30

    /// Reads the pixels that are wanted, and no others.
    ///
    /// - Parameters:
    ///   - train: the training samples, by index; nil for all.
    ///   - tests: whether samples for validation and testing are wanted.
    ///   - most: how many bytes of each kind of samples are held; of more each image is read when it is needed.
    public func read(
        train wanted: Set<Int>? = nil, tests: Bool = true, holding most: Int = UnreadDataset.mostHeldBytes
    ) throws(DataError) -> Dataset {
        var dataset = Dataset(
            name: name, folder: folder, classes: classes, normalization: normalization,
            train: try train.read(wanted, holding: most),
            test: try test.read(tests ? nil : [], holding: most))
        dataset.validation = try validation.read(tests ? nil : [], holding: most)
        return dataset
    }
}
