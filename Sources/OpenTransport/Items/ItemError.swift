/// Bytes that are no item: whoever sends them does not keep to the protocol, and the link ends.
package enum ItemError: Error, Hashable, CustomStringConvertible {
    /// No kind of this protocol has the number.
    case kind(UInt8)
    /// Bytes of the header that must be zero are not.
    case header
    /// An item of the kind has never so many bytes.
    case length(kind: UInt8, byteCount: UInt32)
    /// Before a greeting nothing else may come.
    case ungreeted(kind: UInt8)
    /// What stands behind the header is not what the kind has.
    case body(kind: UInt8)

    /// One sentence without a full stop.
    package var description: String {
        switch self {
        case .kind(let number): "an item of the unknown kind \(number)"
        case .header: "the header of an item has bits that must be zero"
        case .length(let kind, let count): "an item of kind \(kind) has never \(count) bytes"
        case .ungreeted(let kind): "an item of kind \(kind) came before a greeting"
        case .body(let kind): "the bytes of an item of kind \(kind) are not what it has"
        }
    }
}
