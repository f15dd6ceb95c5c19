/// Images with their labels. The pixels are shared, not copied, when the value is.
///
/// A process that needs only some of the images may hold the pixels of these alone; indices and labels stay those of
/// all. Where there are too many, or they are pictures of any size, none is held but each read when it is needed.
public struct ImageSamples: Sendable {
    /// The extents of one image.
    public let shape: ImageShape
    /// One held image behind the other, each channel by channel and row by row: N, C, H, W; none where each is
    /// read when it is needed.
    public let pixels: [UInt8]
    /// The class of each image, held or not.
    public private(set) var labels: [Int32]
    /// How many images stand in `pixels` before each, -1 for those that are not held; nil where all are.
    private let places: [Int32]?
    /// Where images come from that are read each time they are needed; nil where they are in memory.
    let source: (any PixelSource)?
    /// Which record of the source each image is, by index; nil where image i is record i.
    let records: [Int]?
    /// Keeps the first reason why an image could not be read.
    let failures = FirstFailure()
    /// How many images there are.
    public var count: Int { labels.count }

    /// Images that are all held: one label each, and pixels as N, C, H, W.
    public init(shape: ImageShape, pixels: [UInt8], labels: [Int32]) {
        precondition(
            pixels.count == labels.count * shape.count,
            "\(pixels.count) pixels are not \(labels.count) images of \(shape)")
        self.shape = shape
        self.pixels = pixels
        self.labels = labels
        places = nil
        (source, records) = (nil, nil)
    }

    /// Samples that are read when they are needed.
    init(shape: ImageShape, source: any PixelSource, records: [Int]?, labels: [Int32]) {
        self.shape = shape
        pixels = []
        self.labels = labels
        places = nil
        self.source = source
        self.records = records
    }

    /// The first reason why an image could not be read when it was needed, as a `DataError`; nil where there is none.
    public var failure: DataError? { failures.error }

    /// Whether images are read each time they are needed.
    public var isReadWhenNeeded: Bool { source != nil }

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
        (source, records) = (nil, nil)
    }

    /// Where in `pixels` an image begins, which must be held.
    func start(of index: Int) -> Int {
        guard let places else { return index * shape.count }
        precondition(places[index] >= 0, "the pixels of sample \(index) were asked for, and are not held here")
        return Int(places[index]) * shape.count
    }

    /// The same images with the classes in the reverse order: of `classes` the first is the last.
    public func labelsFlipped(classes: Int) -> ImageSamples {
        var flipped = self
        flipped.labels = labels.map { Int32(classes) - 1 - $0 }
        return flipped
    }

    /// How many samples each of `classes` classes has.
    public func histogram(classes: Int) -> [Int] {
        labels.reduce(into: [Int](repeating: 0, count: classes)) { $0[Int($1)] += 1 }
    }
}
