extension MutableSpan<Float> {
    /// Lends the numbers at `range`, which must lie within the span, for writing.
    @inlinable
    public mutating func withPart(_ range: Range<Int>, _ body: (inout MutableSpan<Float>) -> Void) {
        withUnsafeMutableBufferPointer { buffer in
            var part = buffer.extracting(range).mutableSpan
            body(&part)
        }
    }
}
