/// Images in memory, which others share.
struct HeldPixels: PixelSource {
    let bytes: [UInt8]
    /// Where the first record begins.
    var start = 0
    /// Bytes of one record.
    let recordBytes: Int

    func pixels(of records: [Range<Int>]) -> [UInt8] {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(records.reduce(0) { $0 + $1.count } * recordBytes)
        for run in records {
            pixels += bytes[(start + run.lowerBound * recordBytes)..<(start + run.upperBound * recordBytes)]
        }
        return pixels
    }
}
