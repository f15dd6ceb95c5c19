/// A data set in memory: what is learned from, what is validated on and what is tested on.
public struct Dataset: Sendable {
    public let name: String
    /// The folder the files were read from; nil for data that is made.
    public let folder: String?
    public let shape: ImageShape
    /// The names of the classes; a label is an index into them.
    public let classes: [String]
    /// What makes inputs of pixels: the data set's own, or none when `normalize` is off.
    public var normalization: Normalization
    public var train: ImageSamples
    /// Split off the training samples; empty unless asked for.
    public var validation: ImageSamples
    public var test: ImageSamples

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

/// The extents of one image, in the order of memory.
public struct ImageShape: Sendable, Hashable, Codable, CustomStringConvertible {
    public let channels: Int
    public let height: Int
    public let width: Int

    public init(channels: Int, height: Int, width: Int) {
        self.channels = channels
        self.height = height
        self.width = width
    }

    /// Values in one channel.
    public var planeCount: Int { height * width }
    /// Values in one image.
    public var count: Int { channels * planeCount }

    public var description: String { "\(channels) x \(height) x \(width)" }
}

/// Images with their labels. The pixels are shared, not copied, when the value is.
///
/// A process that needs only some of the images may hold the pixels of these alone; indices and labels stay those of
/// all.
public struct ImageSamples: Sendable {
    public let shape: ImageShape
    /// One held image behind the other, each channel by channel and row by row: N, C, H, W.
    public let pixels: [UInt8]
    /// The class of each image, held or not.
    public let labels: [Int32]
    /// How many images stand in `pixels` before each, -1 for those that are not held; nil where all are.
    private let places: [Int32]?
    /// How many images there are.
    public var count: Int { labels.count }

    public init(shape: ImageShape, pixels: [UInt8], labels: [Int32]) {
        precondition(
            pixels.count == labels.count * shape.count,
            "\(pixels.count) pixels are not \(labels.count) images of \(shape)")
        self.shape = shape
        self.pixels = pixels
        self.labels = labels
        places = nil
    }

    /// Samples of which only those at the indices `held` are held, their pixels in that order.
    init(shape: ImageShape, pixels: [UInt8], labels: [Int32], held: [Int]) {
        precondition(
            pixels.count == held.count * shape.count, "\(pixels.count) pixels are not \(held.count) images of \(shape)")
        self.shape = shape
        self.pixels = pixels
        self.labels = labels
        var places = [Int32](repeating: -1, count: labels.count)
        for (place, index) in held.enumerated() { places[index] = Int32(place) }
        self.places = places
    }

    /// Where in `pixels` an image begins, which must be held.
    func start(of index: Int) -> Int {
        guard let places else { return index * shape.count }
        precondition(places[index] >= 0, "the pixels of sample \(index) were asked for, and are not held here")
        return Int(places[index]) * shape.count
    }

    /// How many samples each of `classes` classes has.
    public func histogram(classes: Int) -> [Int] {
        labels.reduce(into: [Int](repeating: 0, count: classes)) { $0[Int($1)] += 1 }
    }
}
