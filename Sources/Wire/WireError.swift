import Configuration

/// Bytes that are no frame, or no longer the one that was sent.
public enum WireError: Error, Sendable, Hashable {
    /// There are fewer bytes than a frame has at least, or than its header announces.
    case truncated(byteCount: Int, needed: Int)
    /// There are more bytes than the header announces.
    case surplus(byteCount: Int, needed: Int)
    /// The first word is not that of a frame.
    case magic(UInt32)
    /// A format that this build does not read.
    case version(UInt16)
    /// A kind of content that this version does not have.
    case kind(UInt16)
    /// A kind of content that carries no numbers announces some.
    case payload(kind: UInt16, count: Int)
    /// The bytes are not those of which the checksum was taken.
    case checksum(found: UInt32, announced: UInt32)
}

extension WireError: CustomStringConvertible {
    /// One sentence without a full stop.
    public var description: String {
        switch self {
        case .truncated(let count, let needed): "the frame breaks off after \(count) bytes of at least \(needed)"
        case .surplus(let count, let needed): "the frame has \(count) bytes where its header announces \(needed)"
        case .magic(let word):
            "the bytes are no frame: they begin with 0x\(word.hexadecimal), not 0x\(Layout.magic.hexadecimal)"
        case .version(let version):
            "the frame is in version \(version) of the format, and this build reads version \(Layout.version)"
        case .kind(let kind): "a frame of the unknown kind \(kind)"
        case .payload(let kind, let count):
            "a frame of kind \(kind) carries no numbers, and this one announces \(count)"
        case .checksum(let found, let announced):
            "the frame was damaged under way: its checksum is 0x\(found.hexadecimal), not the "
                + "announced 0x\(announced.hexadecimal)"
        }
    }
}
