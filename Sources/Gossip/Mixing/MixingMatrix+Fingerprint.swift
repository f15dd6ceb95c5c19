extension MixingMatrix {
    /// Rounds that the fingerprint of a graph looks at, where it varies.
    private static var fingerprintRounds: UInt64 { 16 }

    /// A number that differs between graphs whose edges or weights differ in their first rounds, and between different
    /// numbers of peers (64-bit FNV-1a): ranks that do not mix by the same graph would wait for each other for ever.
    public var fingerprint: UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func take(_ word: UInt64) {
            for shift in stride(from: 0, to: 64, by: 8) {
                hash = (hash ^ (word >> UInt64(shift) & 0xff)) &* 0x0000_0100_0000_01b3
            }
        }
        take(UInt64(peers))
        take(period)
        for round in 0..<min(period, Self.fingerprintRounds) {
            for receiver in 0..<peers {
                for item in row(of: PeerID(receiver), round: round) {
                    take(UInt64(item.peer.rawValue))
                    take(item.weight.bitPattern)
                }
            }
        }
        return hash
    }
}
