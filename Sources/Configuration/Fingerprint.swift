/// A number that two sequences share when they are equal, and hardly ever else: FNV-1a with 64 bits (Fowler, Noll and
/// Vo, 1991). It defends against chance, not against malice.
public struct Fingerprint: Sendable, Hashable {
    /// The fingerprint of all that was taken in so far, at first the offset basis of FNV-1a.
    public private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    /// The fingerprint of the empty sequence.
    public init() {}

    /// Takes in the bytes of a text.
    public mutating func combine(_ text: String) {
        for byte in text.utf8 { combine(one: UInt64(byte)) }
    }

    /// Takes in a word byte by byte, the lowest first.
    public mutating func combine(_ word: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { combine(one: word >> shift & 0xff) }
    }

    private mutating func combine(one byte: UInt64) { value = Self.step(value, byte) }

    /// The number behind a further word that is taken in at once, from the number before it: quicker than byte by byte,
    /// and not what others call FNV-1a.
    @inlinable public static func step(_ value: UInt64, _ word: UInt64) -> UInt64 {
        (value ^ word) &* 0x0000_0100_0000_01b3
    }
}
