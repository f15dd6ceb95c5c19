/// Images in records of equal length, in one file or several of any number of records.
struct RecordFiles: PixelSource {
    let files: [DataFile]
    /// Records in each file.
    let recordsPerFile: [Int]
    /// Where in a file the first record begins.
    var start = 0
    /// Bytes of a record before its pixels.
    var skipped = 0
    /// Bytes of an image.
    let imageBytes: Int

    func pixels(of records: [Range<Int>]) throws(DataError) -> [UInt8] {
        var pixels: [UInt8] = []
        var first = 0
        for (file, count) in zip(files, recordsPerFile) {
            defer { first += count }
            let start = first
            let ranges = records.flatMap { places(of: $0.clamped(to: start..<(start + count)), first: start) }
            guard !ranges.isEmpty else { continue }
            let bytes = try file.bytes(at: ranges)
            // Where one file has them all, its bytes are not copied.
            if pixels.isEmpty {
                pixels = bytes
                pixels.reserveCapacity(records.reduce(0) { $0 + $1.count } * imageBytes)
            } else {
                pixels += bytes
            }
        }
        return pixels
    }

    /// Where the pixels of a run of records stand in the file of which `first` is the first record: in one piece if
    /// nothing lies between them.
    private func places(of run: Range<Int>, first: Int) -> [Range<Int>] {
        guard !run.isEmpty else { return [] }
        let length = skipped + imageBytes
        if skipped == 0 {
            return [(start + (run.lowerBound - first) * length)..<(start + (run.upperBound - first) * length)]
        }
        return run.map { (start + ($0 - first) * length + skipped)..<(start + ($0 - first + 1) * length) }
    }
}
