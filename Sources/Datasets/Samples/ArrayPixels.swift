/// Images in an array of bytes, one behind the other.
struct ArrayPixels: PixelSource {
    let store: ByteStore
    /// Where the first image begins.
    let start: Int
    let shape: ImageShape
    /// Whether the colours of a pixel stand beside each other, not in planes.
    let isInterleaved: Bool

    func pixels(of records: [Range<Int>]) throws(DataError) -> [UInt8] {
        try store.reading { (read) throws(DataError) in
            var pixels: [UInt8] = []
            pixels.reserveCapacity(records.reduce(0) { $0 + $1.count } * shape.count)
            for run in records {
                let first = start + run.lowerBound * shape.count
                let bytes = try read(first..<(first + run.count * shape.count))
                pixels += isInterleaved && shape.channels > 1 ? planes(bytes) : bytes
            }
            return pixels
        }
    }

    private func planes(_ bytes: [UInt8]) -> [UInt8] {
        var planes = [UInt8](repeating: 0, count: bytes.count)
        for image in stride(from: 0, to: bytes.count, by: shape.count) {
            for place in 0..<shape.planeCount {
                for channel in 0..<shape.channels {
                    planes[image + channel * shape.planeCount + place] = bytes[image + place * shape.channels + channel]
                }
            }
        }
        return planes
    }
}
