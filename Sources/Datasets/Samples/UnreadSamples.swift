/// Images whose labels are known and whose pixels are still where they come from. Labels are enough to deal out shares,
/// so a process reads the pixels of its own share only.
public struct UnreadSamples: Sendable {
    /// The extents of one image.
    public let shape: ImageShape
    /// The class of each image.
    public let labels: [Int32]
    /// The record of each image in the source, ascending; nil where image i is record i.
    private let records: [Int]?
    private let source: any PixelSource

    /// How many images there are.
    public var count: Int { labels.count }

    init(shape: ImageShape, labels: [Int32], source: any PixelSource) {
        self.init(shape: shape, labels: labels, records: nil, source: source)
    }

    /// Images that are in memory already.
    init(_ samples: ImageSamples) {
        self.init(
            shape: samples.shape, labels: samples.labels,
            source: HeldPixels(bytes: samples.pixels, recordBytes: samples.shape.count))
    }

    /// What the images are decoded from when they are needed; nil where they are read before.
    var photos: Photos? { source as? Photos }

    /// Decodes all images that are else decoded when they are needed. Throws with the name of the first damaged one.
    func verify() throws(DataError) {
        let damaged = photos?.damaged(among: records ?? Array(0..<count)) ?? []
        if let first = damaged.first { throw first.error }
    }

    /// Those of photos that can be decoded; all other images as they are.
    func withoutDamaged() -> UnreadSamples {
        guard let photos else { return self }
        let all = records ?? Array(0..<count)
        let damaged = Set(photos.damaged(among: all).map(\.record))
        return damaged.isEmpty ? self : selecting(all.indices.filter { !damaged.contains(all[$0]) })
    }

    private init(shape: ImageShape, labels: [Int32], records: [Int]?, source: any PixelSource) {
        self.shape = shape
        self.labels = labels
        self.records = records
        self.source = source
    }

    /// The images at these indices, which ascend.
    func selecting(_ indices: [Int]) -> UnreadSamples {
        UnreadSamples(
            shape: shape, labels: indices.map { labels[$0] }, records: indices.map { records?[$0] ?? $0 },
            source: source)
    }

    /// Reads the pixels of the images at these indices, of all where none are named. The labels stay those of all.
    ///
    /// Photos are not read yet, but when they are needed; nor is what takes more than `most` bytes.
    func read(_ wanted: Set<Int>? = nil, holding most: Int) throws(DataError) -> ImageSamples {
        let count = min(wanted?.count ?? count, count)
        if photos != nil || count > most / shape.count && source.isReadSingly {
            return ImageSamples(shape: shape, source: source, records: records, labels: labels)
        }
        guard let wanted, count < self.count else {
            return ImageSamples(
                shape: shape, pixels: try source.pixels(of: runs(of: records ?? Array(0..<count))), labels: labels)
        }
        let held = wanted.sorted()
        let pixels = try source.pixels(of: runs(of: held.map { records?[$0] ?? $0 }))
        return ImageSamples(shape: shape, pixels: pixels, labels: labels, held: held)
    }

    /// Hands over the pixels of all images, a few megabytes at a time.
    func forEachPart(_ body: ([UInt8]) -> Void) throws(DataError) {
        let most = max(1, (16 << 20) / shape.count)
        for start in stride(from: 0, to: count, by: most) {
            let part = start..<min(start + most, count)
            body(try source.pixels(of: runs(of: part.map { records?[$0] ?? $0 })))
        }
    }

    /// Ascending numbers as ranges, neighbours in one.
    private func runs(of numbers: [Int]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for number in numbers {
            if let last = runs.last, last.upperBound == number {
                runs[runs.count - 1] = last.lowerBound..<(number + 1)
            } else {
                runs.append(number..<(number + 1))
            }
        }
        return runs
    }
}
