/// What a frame costs on the link to another peer, where links carry no more than so much: for those who wait for an
/// acknowledgement, which comes only after what was sent before has gone.
public struct LinkCost: Sendable, Hashable {
    /// 0 where a link carries any number of bytes.
    public let secondsPerByte: Double
    /// Bytes of a frame besides its payload.
    public let headerByteCount: Int

    /// Without arguments the cost is nothing.
    public init(secondsPerByte: Double = 0, headerByteCount: Int = 0) {
        self.secondsPerByte = secondsPerByte
        self.headerByteCount = headerByteCount
    }

    func byteCount(_ frame: Frame) -> Int { headerByteCount + frame.payloadByteCount }
}
