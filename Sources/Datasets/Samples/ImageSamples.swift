/// Images with their labels. The pixels are shared, not copied, when the value is.
///
/// A process that needs only some of the images may hold the pixels of these alone; indices and labels stay those of
/// all. Pictures of any size are not held but decoded each time.
public struct ImageSamples: Sendable {
    /// The extents of one image.
    public let shape: ImageShape
    /// One held image behind the other, each channel by channel and row by row: N, C, H, W; none where there are
    /// photos.
    public let pixels: [UInt8]
    /// The class of each image, held or not.
    public let labels: [Int32]
    /// How many images stand in `pixels` before each, -1 for those that are not held; nil where all are.
    private let places: [Int32]?
    /// Where images come from that are decoded each time they are needed; nil where they are in memory.
    let photos: Photos?
    /// Which of the photos each image is, by index; nil where image i is photo i.
    let records: [Int]?
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
        (photos, records) = (nil, nil)
    }

    /// Samples that are decoded when they are needed.
    init(photos: Photos, records: [Int]?, labels: [Int32]) {
        shape = photos.shape
        pixels = []
        self.labels = labels
        places = nil
        self.photos = photos
        self.records = records
    }

    /// The first of the images that could not be decoded when it was needed, as a `DataError`; nil where there is none.
    public var failure: DataError? { photos?.failure.error }

    /// Whether images are decoded each time they are needed.
    public var isDecodedWhenNeeded: Bool { photos != nil }

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
        (photos, records) = (nil, nil)
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
