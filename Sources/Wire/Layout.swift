/// Where everything stands in a frame's bytes. All numbers are little-endian; the header's fields lie at multiples of
/// their size, and so do the payload's numbers.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 4 | magic, the letters `MURM` |
/// | 4 | 2 | version of the format |
/// | 6 | 2 | kind: 1 a message without payload, 2 one with it, 3 an acknowledgement, 4 a part of an average, 5 packed |
/// | 8 | 4 | sender |
/// | 12 | 4 | receiver |
/// | 16 | 4 | life of the sender |
/// | 20 | 4 | life of the receiver |
/// | 24 | 8 | place in the order; of an acknowledgement: the last place that has been handled |
/// | 32 | 8 | the message's id |
/// | 40 | 8 | metadata: round |
/// | 48 | 8 | metadata: weight, the bits of a float64 |
/// | 56 | 4 | metadata: tag |
/// | 60 | 4 | count of the payload's numbers |
/// | 64 | 4 times count | payload, the bits of float32 |
/// | behind it | 4 | CRC-32 of all bytes before it |
///
/// A message of kind 5 has a payload that a link has compressed, as words of 32 bits: what they mean stands in their first, see
/// `Packing`. The fields of an acknowledgement and of a part from 32 to 60 are zero. The checksum is the CRC-32 of gzip, by
/// libdeflate, which is linked for checkpoints anyway: like CRC-32C it finds every burst of up to 32 bits and any two
/// flipped bits.
enum Layout {
    /// `MURM` as the bytes are read.
    static let magic: UInt32 = 0x4d52_554d
    static let version: UInt16 = 2
    static let headerByteCount = 64
    static let checksumByteCount = 4

    enum Kind: UInt16 {
        case metadata = 1
        case message = 2
        case acknowledgement = 3
        case part = 4
        case packedMessage = 5

        var hasPayload: Bool { self == .message || self == .part || self == .packedMessage }
    }

    static func byteCount(payload count: Int) -> Int {
        headerByteCount + count * MemoryLayout<Float>.size + checksumByteCount
    }
}
