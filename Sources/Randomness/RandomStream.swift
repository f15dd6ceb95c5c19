/// A seeded stream of random numbers: the only source of chance in the project.
///
/// A stream is named by (seed, purpose, peer, round); equal names give equal numbers on every machine. The generator is
/// xoshiro256++ (Blackman and Vigna, 2019), its 256 bits of state filled by SplitMix64 from the four words of the name.
public struct RandomStream: RandomNumberGenerator, Sendable, Codable, Hashable {
    private var a: UInt64
    private var b: UInt64
    private var c: UInt64
    private var d: UInt64

    /// The stream with this name. `peer` and `round` are any numbers that tell one use from another.
    public init(seed: UInt64, purpose: Purpose, peer: Int = 0, round: UInt64 = 0) {
        var mixer = SplitMix64(state: seed)
        for word in [purpose.rawValue, UInt64(bitPattern: Int64(peer)), round] {
            mixer = SplitMix64(state: mixer.next() ^ word)
        }
        a = mixer.next()
        b = mixer.next()
        c = mixer.next()
        d = mixer.next()
    }

    /// Where the stream stands: four words, from which `init(words:)` makes a stream that goes on with the same
    /// numbers.
    public var words: [UInt64] { [a, b, c, d] }

    /// A stream that goes on where another one stood; nil where that is not four words, or all are 0, which no stream
    /// ever is.
    public init?(words: [UInt64]) {
        guard words.count == 4, words.contains(where: { $0 != 0 }) else { return nil }
        (a, b, c, d) = (words[0], words[1], words[2], words[3])
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        let result = rotatedLeft(a &+ d, by: 23) &+ a
        let shifted = b << 17
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = rotatedLeft(d, by: 45)
        return result
    }
}

@inline(__always)
private func rotatedLeft(_ word: UInt64, by count: UInt64) -> UInt64 {
    (word << count) | (word >> (64 - count))
}

/// Steele, Lea and Flood's SplitMix64, which turns any word, also a small one, into well-mixed ones.
private struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
