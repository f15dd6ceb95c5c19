/// How the other side of a link has not kept to the protocol; the link ends, and so do further ones for a while.
package enum Breach: Error, Sendable, Hashable, CustomStringConvertible {
    /// Bytes that are no item.
    case malformed(ItemError)
    /// An item that has no place in the phase that the link is in.
    case outOfPlace
    /// More items or bytes than the other side may send.
    case flood
    /// A payload of another size than the layout's.
    case payloadSize(byteCount: UInt64)
    /// An encoding that this side has not offered.
    case encoding
    /// More payloads announced than may be under way.
    case tooManyPayloads
    /// A part of a payload that was not asked for, or more of it than was announced.
    case strayChunk
    /// A frame whose number is not the next one.
    case frameNumber
    /// A payload that comes too slowly.
    case slow
    /// Bytes that tell nothing of any member.
    case record
    /// A greeting that is not of the peer whose certificate was shown, or whose numbers nobody counts up to.
    case greeting
    /// A frame that no node sends.
    case frameHeader
    /// A model with numbers that are not finite.
    case values

    /// One sentence without a full stop.
    package var description: String {
        switch self {
        case .malformed(let error): "\(error)"
        case .outOfPlace: "an item came that has no place there"
        case .flood: "more came than a link may bring"
        case .payloadSize(let count): "a payload of \(count) bytes was announced, which is not the model's size"
        case .encoding: "a payload was announced in an encoding that was not offered"
        case .tooManyPayloads: "more payloads were announced than may be under way"
        case .strayChunk: "a part of a payload came that was not asked for"
        case .frameNumber: "a frame came out of its order"
        case .slow: "a payload came more slowly than 16 KiB a second"
        case .record: "what should tell of a member does not"
        case .greeting: "the greeting is not of the peer that the certificate is for"
        case .frameHeader: "a frame came that no node sends"
        case .values: "a model came with numbers that are not finite"
        }
    }
}
