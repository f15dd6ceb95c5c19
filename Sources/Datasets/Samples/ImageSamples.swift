/// Images with their labels. The pixels are shared, not copied, when the value is.
///
/// A process that needs only some of the images may hold the pixels of these alone; indices and labels stay those of
/// all.
public struct ImageSamples: Sendable {
    /// The extents of one image.
    public let shape: ImageShape
    /// One held image behind the other, each channel by channel and row by row: N, C, H, W.
    public let pixels: [UInt8]
    /// The class of each image, held or not.
    public let labels: [Int32]
    /// How many images stand in `pixels` before each, -1 for those that are not held; nil where all are.
    private let places: [Int32]?
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
