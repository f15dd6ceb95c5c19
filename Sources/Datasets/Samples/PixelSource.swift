/// Where the pixels of records come from, once it is known whose are wanted.
protocol PixelSource: Sendable {
    /// The pixels of these records, one image behind the other; the ranges ascend and do not touch.
    func pixels(of records: [Range<Int>]) throws(DataError) -> [UInt8]
}
