/// Where the pixels of records come from, once it is known whose are wanted.
protocol PixelSource: Sendable {
    /// Whether a record by itself comes as quickly as one among many, so that each can be read when it is needed.
    var isReadSingly: Bool { get }

    /// The pixels of these records, one image behind the other; the ranges ascend and do not touch.
    func pixels(of records: [Range<Int>]) throws(DataError) -> [UInt8]
}

extension PixelSource {
    var isReadSingly: Bool { true }
}
