/// A data set in memory: what is learned from, what is validated on and what is tested on.
public struct Dataset: Sendable {
    public let name: String
    /// The folder the files were read from; nil for data that is made.
    public let folder: String?
    /// The extents of every image in it.
    public let shape: ImageShape
    /// The names of the classes; a label is an index into them.
    public let classes: [String]
    /// What makes inputs of pixels: the data set's own, or none when `normalize` is off.
    public var normalization: Normalization
    /// The samples that are learned from.
    public var train: ImageSamples
    /// Split off the training samples; empty unless asked for.
    public var validation: ImageSamples
    /// The samples that models are tested on.
    public var test: ImageSamples

    /// A data set without validation samples; images for training and for testing must have one shape.
    public init(
        name: String, folder: String?, classes: [String], normalization: Normalization, train: ImageSamples,
        test: ImageSamples
    ) {
        precondition(train.shape == test.shape, "\(name) trains on \(train.shape) and tests on \(test.shape)")
        self.name = name
        self.folder = folder
        shape = train.shape
        self.classes = classes
        self.normalization = normalization
        self.train = train
        validation = ImageSamples(shape: train.shape, pixels: [], labels: [])
        self.test = test
    }
}
