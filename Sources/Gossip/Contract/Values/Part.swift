/// Piece `index` of `count` equal pieces of a vector; the first pieces are one longer where the length does not divide.
public struct Part: Hashable, Sendable, Codable {
    /// Which piece it is, from 0.
    public let index: Int
    public let count: Int

    /// The index must be one of `count` pieces.
    public init(_ index: Int, of count: Int) {
        precondition(count > 0 && (0..<count).contains(index), "part \(index) of \(count)")
        self.index = index
        self.count = count
    }

    /// Where the piece lies in a vector of `length` numbers.
    public func range(in length: Int) -> Range<Int> {
        let (least, longer) = length.quotientAndRemainder(dividingBy: count)
        let start = index * least + min(index, longer)
        return start..<(start + least + (index < longer ? 1 : 0))
    }
}
